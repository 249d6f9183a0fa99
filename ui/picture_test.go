package ui

import (
	"context"
	"errors"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"

	"touchstone/ui/locale"
	"touchstone/ui/theme"
)

// TestPictures draws the screen in states and sizes that have gone wrong
// before. With TOUCHSTONE_PICTURES=DIR it keeps them for looking at.
func TestPictures(t *testing.T) {
	dir := os.Getenv("TOUCHSTONE_PICTURES")
	if dir == "" && testing.Short() {
		t.Skip("pictures take seconds under the race detector")
	}
	for _, c := range []struct {
		name, query string
		mode        theme.Mode
		size        image.Point
	}{
		{"light", "noise cancelling headphones for the flight", theme.Light, PictureSize},
		{"dark", "headphones", theme.Dark, PictureSize},
		{"small", "headphones", theme.Light, image.Pt(1000, 640)},
		{"no-query", "", theme.Light, image.Pt(1000, 640)},
		{"nothing-found", "xyzzy", theme.Dark, image.Pt(1000, 640)},
	} {
		img, err := Picture(context.Background(), newFakeBench(), c.query, c.size, c.mode)
		if err != nil {
			t.Fatal(err)
		}
		if got := img.Bounds().Size(); got != c.size {
			t.Errorf("%s: picture is %v, want %v", c.name, got, c.size)
		}
		if n := colours(img); n < 100 {
			t.Errorf("%s: picture has %d colours only, so it shows next to nothing", c.name, n)
		}
		keepPicture(t, c.name, img)
	}
}

// keepPicture writes a picture where TOUCHSTONE_PICTURES says.
func keepPicture(t *testing.T, name string, img image.Image) {
	t.Helper()
	dir := os.Getenv("TOUCHSTONE_PICTURES")
	if dir == "" {
		return
	}
	err := os.MkdirAll(dir, 0o755)
	if err == nil {
		var f *os.File
		if f, err = os.Create(filepath.Join(dir, name+".png")); err == nil {
			err = errors.Join(png.Encode(f, img), f.Close())
		}
	}
	if err != nil {
		t.Error(err)
	}
}

func colours(img image.Image) int {
	seen := map[any]bool{}
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			seen[img.At(x, y)] = true
		}
	}
	return len(seen)
}

func TestPictureCanBeCancelled(t *testing.T) {
	b := newFakeBench()
	b.hold = make(chan struct{})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Picture(ctx, b, "headphones", PictureSize, theme.Light); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v, want that it was cancelled", err)
	}
}

// TestPalettePicture draws the command palette over a page.
func TestPalettePicture(t *testing.T) {
	if os.Getenv("TOUCHSTONE_PICTURES") == "" {
		t.Skip("set TOUCHSTONE_PICTURES=DIR to look at it")
	}
	for _, mode := range []theme.Mode{theme.Light, theme.Dark} {
		o := newOffscreen(newFakeBench(), PictureSize, mode)
		o.shell.search.open("headphones")
		if err := o.loop.settle(context.Background(), o.shell.tasks); err != nil {
			t.Fatal(err)
		}
		o.shell.openPalette()
		o.shell.palette.field.SetText("le")
		keepPicture(t, "palette-"+string(mode), o.canvas.Capture())
		o.close()
	}
}

// TestPreviewPicture draws the preview of a catalogue in both languages.
func TestPreviewPicture(t *testing.T) {
	if os.Getenv("TOUCHSTONE_PICTURES") == "" {
		t.Skip("set TOUCHSTONE_PICTURES=DIR to look at it")
	}
	defer func() { _ = locale.Set(locale.English) }()
	for _, l := range []locale.Language{locale.English, locale.Chinese} {
		w := newTestWindow(t, Deps{Sample: func() (Bench, error) { return newFakeBench(), nil }})
		if err := locale.Set(l); err != nil {
			t.Fatal(err)
		}
		w.win.Resize(fyne.NewSize(1000, 640))
		w.openFirst()
		w.wait()
		w.previewCatalogue([]string{"../assets/sample/en/products.jsonl"})
		for w.asking == nil {
			(<-w.loop.queue)()
		}
		keepPicture(t, "preview-"+string(l), w.win.Canvas().Capture())
		w.shell.tasks.stop()()
	}
}
