package widgets

import (
	"errors"
	"flag"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"

	"touchstone/engine"
	"touchstone/ui/theme"
)

var update = flag.Bool("update", false, "write the golden pictures anew")

// sheet shows every widget in its states.
func sheet() fyne.CanvasObject {
	grade := func(g engine.Grade) fyne.CanvasObject {
		s := NewGradeStrip(4)
		if g >= 0 {
			s.Set(&g)
		}
		return s
	}
	bar := NewScoreBar()
	bar.Set([]Part{{0.4, theme.Feature(0)}, {0.3, theme.Feature(1)}, {0.2, theme.Feature(2)}, {-0.15, theme.Feature(3)}}, 1)
	slider := func(low, high, v float64) fyne.CanvasObject {
		s := NewSlider(low, high)
		s.Set(low, high, v)
		return s
	}
	thumbnails := container.NewHBox()
	for _, category := range []string{"Headphones", "手机", "Home > Lamps", ""} {
		t := NewThumbnail()
		t.Set(category)
		thumbnails.Add(t)
	}
	disabled := NewButton("Reset", Bordered, nil)
	disabled.Disable()
	selected := NewButton("Weights", Quiet, nil)
	selected.SetSelected(true)
	focused := NewButton("Keep", Bordered, nil)
	focused.FocusGained()
	meter := NewMeter()
	meter.Set(0.4)
	return NewPanel(Surface{Fill: theme.ColorSurface, Across: 16, Down: 16}, container.NewVBox(
		NewText("NDCG@10 0.823", Style{Size: theme.SizeFigure, Bold: true}),
		NewText("Über-ear headphones with active noise cancelling, 30 h battery", Style{Cut: true}),
		NewText("真无线降噪耳机，陶瓷白 ▲2 ▼1 ¥1499 €249", Style{Colour: theme.ColorMuted}),
		NewParagraph("On queries it was not trained on: 31 better, 6 worse, 5 equal. 学到了更好的权重。", 300, Style{Colour: theme.ColorMuted}),
		container.NewHBox(NewButton("Learn from 812 grades", Primary, nil), disabled, focused),
		container.NewHBox(NewIconButton("search", nil), selected, NewButton("Why is it #1", Quiet, nil)),
		grade(-1), grade(0), grade(1), grade(2), grade(3),
		bar, meter, slider(0, 1, 0.6), slider(-1, 1, -0.4), thumbnails,
	))
}

func TestWidgetsLookAsBefore(t *testing.T) {
	for _, mode := range []theme.Mode{theme.Light, theme.Dark} {
		test.NewTempApp(t)
		fyne.CurrentApp().Settings().SetTheme(theme.New(mode, 1))
		canvas := software.NewCanvas()
		canvas.SetPadded(false)
		o := sheet()
		canvas.SetContent(o)
		canvas.Resize(fyne.NewSize(332, o.MinSize().Height))
		compare(t, string(mode), canvas.Capture())
	}
}

// compare holds a picture to its golden file. Processors round differently at
// the edges of curves, so a few pixels may differ.
func compare(t *testing.T, name string, got image.Image) {
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
