package main

import (
	"errors"
	"flag"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"touchstone/ui"
)

var pictures = flag.String("pictures", "", "draw the pictures of the guide into this `folder`: make pictures")

// TestPicturesOfTheGuide draws the pictures of docs/ from the sample.
func TestPicturesOfTheGuide(t *testing.T) {
	if *pictures == "" {
		t.Skip("make pictures draws them")
	}
	bench, err := sampleWorkspace(t.Context(), filepath.Join(t.TempDir(), "sample.touchstone"), "en", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer bench.Close()
	if err := bench.SetJudge("you"); err != nil {
		t.Fatal(err)
	}
	drawn, err := ui.Pictures(t.Context(), bench, "noise cancelling headphones")
	if err != nil {
		t.Fatal(err)
	}
	for name, picture := range drawn {
		f, err := os.Create(filepath.Join(*pictures, name))
		if err == nil {
			err = errors.Join(png.Encode(f, picture), f.Close())
		}
		if err != nil {
			t.Error(err)
		}
	}
}
