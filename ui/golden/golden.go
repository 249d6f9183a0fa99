// Package golden holds pictures of tests to those that were kept and looked at.
// With the test's flag -update it keeps them anew. It knows nothing of what is
// drawn.
package golden

import (
	"errors"
	"flag"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "write the golden pictures anew")

// Compare holds a picture to testdata/NAME.png. Processors round differently at
// the edges of curves, so a few pixels may differ.
func Compare(t *testing.T, name string, got image.Image) {
	t.Helper()
	file := filepath.Join("testdata", name+".png")
	if *update {
		f, err := os.Create(file)
		if err == nil {
			err = errors.Join(png.Encode(f, got), f.Close())
		}
		if err != nil {
			t.Fatal(err)
		}
		return
	}
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	want, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	if got.Bounds() != want.Bounds() {
		t.Fatalf("%s: picture is %v, want %v; look at it and run with -update", file, got.Bounds(), want.Bounds())
	}
	differ := 0
	for y := range want.Bounds().Dy() {
		for x := range want.Bounds().Dx() {
			if far(got.At(x, y), want.At(x, y)) {
				differ++
			}
		}
	}
	if all := want.Bounds().Dx() * want.Bounds().Dy(); differ*1000 > all {
		t.Errorf("%s: %d of %d pixels differ; look at both and run with -update if the new ones are right", file, differ, all)
	}
}

// far says that two colours differ visibly.
func far(a, b color.Color) bool {
	const visible = 24
	x, y := color.NRGBAModel.Convert(a).(color.NRGBA), color.NRGBAModel.Convert(b).(color.NRGBA)
	apart := func(p, q uint8) bool { return max(p, q)-min(p, q) > visible }
	return apart(x.R, y.R) || apart(x.G, y.G) || apart(x.B, y.B)
}
