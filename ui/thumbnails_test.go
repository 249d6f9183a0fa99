package ui

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/ui/widgets"
)

// fakePictures are those of a fakeBench: products whose image is "red" have a
// red one.
type fakePictures struct {
	picturesMu sync.Mutex
	from       workbench.PictureSettings
	picturesOf []string // IDs
	gate       chan struct{}
}

func (f *fakePictures) Pictures() workbench.PictureSettings { return f.from }

func (f *fakePictures) SetPictures(p workbench.PictureSettings) error {
	if p.Folder == "/refused" {
		return errors.New("the folder of pictures: not there")
	}
	f.from = p
	return nil
}

var red = color.NRGBA{R: 200, A: 255}

func redPicture() image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, pictureRow, pictureRow/2))
	draw.Draw(img, img.Bounds(), image.NewUniform(red), image.Point{}, draw.Src)
	return img
}

func (f *fakePictures) Thumbnail(ctx context.Context, p *engine.Product, side int) (image.Image, error) {
	f.picturesMu.Lock()
	f.picturesOf = append(f.picturesOf, p.ID)
	gate := f.gate
	f.picturesMu.Unlock()
	if gate != nil {
		select {
		case <-gate:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	switch p.Image {
	case "red":
		return redPicture(), nil
	case "broken":
		return nil, errors.New("it is no picture")
	}
	return nil, workbench.ErrNoPicture
}

func (f *fakePictures) picturesAsked() int {
	f.picturesMu.Lock()
	defer f.picturesMu.Unlock()
	return len(f.picturesOf)
}

// picturesShown counts the tiles that show a picture.
func picturesShown(sc *screen) int {
	n := 0
	for tile := range sc.shell.pictures.showing {
		for _, o := range test.WidgetRenderer(tile).Objects() {
			if img, ok := o.(*canvas.Image); ok && img.Visible() && img.Image != nil {
				n++
			}
		}
	}
	return n
}

func TestPicturesComeBesideTheResults(t *testing.T) {
	b := newFakeBench()
	for i := range b.products[:3] {
		b.products[i].Image = "red"
	}
	b.gate = make(chan struct{})
	sc := newScreenOf(t, b)
	sc.s.open("headphones")
	// The page is there before any picture, and a slow one keeps nothing waiting.
	for end := time.Now().Add(10 * time.Second); sc.s.page == nil && time.Now().Before(end); {
		select {
		case f := <-sc.loop.queue:
			f()
		case <-time.After(10 * time.Millisecond):
		}
	}
	if sc.s.page == nil {
		t.Fatal("the page waits for pictures")
	}
	if n := picturesShown(sc); n != 0 {
		t.Errorf("%d pictures are shown before they came", n)
	}
	if n := b.picturesAsked(); n > picturesAtWork {
		t.Errorf("%d pictures are made at once, at most %d should be", n, picturesAtWork)
	}
	close(b.gate)
	sc.settle()
	if n := picturesShown(sc); n != 3 {
		t.Errorf("%d pictures are shown, want 3", n)
	}
	asked := b.picturesAsked()
	sc.find("usb c hub")
	sc.find("headphones")
	if n := b.picturesAsked(); n != asked {
		t.Errorf("%d pictures were made again", n-asked)
	}
}

func TestWhatWasScrolledPastIsNotFetched(t *testing.T) {
	b := newFakeBench()
	b.gate = make(chan struct{})
	sc := newScreenOf(t, b)
	th := sc.shell.pictures
	tile := widgets.NewThumbnail()
	for i := range 1000 {
		th.show(tile, &engine.Product{ID: fmt.Sprint(i), Image: "red"}, pictureRow)
	}
	close(b.gate)
	sc.settle()
	if n := b.picturesAsked(); n > 2*picturesAtWork {
		t.Errorf("%d pictures were made for one tile", n)
	}
	if !slices.Contains(b.picturesOf, "999") {
		t.Errorf("what is looked at was not made, but %v", b.picturesOf)
	}
}

func TestShelfKeepsWhatWasLookedAtLast(t *testing.T) {
	s := newShelf(3)
	name := func(i int) pictured { return pictured{id: fmt.Sprint(i)} }
	for i := range 3 {
		s.put(name(i), nil)
	}
	s.get(name(0))
	s.put(name(3), nil)
	for i, want := range []bool{true, false, true, true} {
		if _, ok := s.get(name(i)); ok != want {
			t.Errorf("%d is kept: %v", i, ok)
		}
	}
}

func TestAPictureThatDoesNotComeIsToldOnce(t *testing.T) {
	b := newFakeBench()
	for i := range b.products {
		b.products[i].Image = "broken"
	}
	sc := newScreenOf(t, b)
	sc.find("headphones")
	if said := sc.told(); strings.Count(said, "it is no picture") != 1 {
		t.Errorf("told %q", said)
	}
}

func TestPicturesAreChosenInTheMenu(t *testing.T) {
	w, _ := upkeepWindow(t)
	b := w.shell.bench.(*fakeBench)
	for i := range b.products {
		b.products[i].Image = "red"
	}
	w.shell.search.open("headphones")
	w.settle()
	asked := b.picturesAsked()
	w.shell.act("pictures.web")
	w.settle()
	if !b.from.Web || b.picturesAsked() <= asked {
		t.Errorf("the web is on: %v; %d pictures were asked for after %d", b.from.Web, b.picturesAsked(), asked)
	}
	w.shell.act("pictures.none")
	w.settle()
	w.setPictures(workbench.PictureSettings{Folder: "/refused"}, "")
	w.settle()
	if b.from.Folder != "" || !b.from.Web {
		t.Errorf("pictures come from %+v", b.from)
	}
	w.shell.offerPictures(12)
	if n := len(w.shell.notices.told.Objects); n == 0 {
		t.Error("nothing was told")
	}
	w.shell.act("pictures.web")
	w.settle()
	w.shell.offerPictures(12)
	if said := words(w.shell.notices.told.Objects[len(w.shell.notices.told.Objects)-1]); !strings.Contains(said, "12 products have pictures on the web") || !strings.Contains(said, "Fetch them") {
		t.Errorf("told %q", said)
	}
}
