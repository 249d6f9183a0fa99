package widgets

import (
	"errors"
	"flag"
	"image"
	"image/color"
	"image/png"
	"math"
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

// sheets are the pictures that are kept: all small widgets on one, and one for
// each widget that has many states.
var sheets = []struct {
	name  string
	width float32
	show  func() fyne.CanvasObject
}{
	{"", 332, sheet},
	{"delta", 260, deltas},
	{"differences", 420, differences},
	{"sparkline", 260, sparklines},
	{"plots", 420, plots},
}

func deltas() fyne.CanvasObject {
	column := container.NewVBox()
	for _, d := range []struct {
		change  float64
		figures string
	}{{0.027, "+0.027"}, {-0.17, "−0.170"}, {0, "±0"}, {3, "3"}} {
		badge := NewDelta()
		badge.Set(d.change, d.figures)
		column.Add(container.NewHBox(badge))
	}
	none := NewDelta()
	none.Set(1, "")
	column.Add(none)
	return column
}

func differences() fyne.CanvasObject {
	plot := func(n, chosen, hover int, focused bool) fyne.CanvasObject {
		d := NewDifferences()
		var values []float64
		for i := range n {
			values = append(values, 0.2-0.35*float64(i)/float64(max(n-1, 1)))
		}
		d.Set(values)
		d.Choose(chosen)
		d.hover, d.focused = hover, focused
		return d
	}
	equal := NewDifferences()
	equal.Set([]float64{0, 0, 0})
	return container.NewVBox(plot(60, 58, -1, true), plot(5, 1, 3, false), plot(3000, 2000, -1, false), equal, NewDifferences())
}

// plots are the scatter, the histogram and the curves, full, chosen and empty.
func plots() fyne.CanvasObject {
	var points [][2]float64
	var values, at, chosen, left []float64
	for i := range 60 {
		x, y := float64(i%10)/10, float64((i*7)%23)/23
		points, values = append(points, [2]float64{x, y}), append(values, y-x)
	}
	for i := range 21 {
		x := float64(i)/10 - 1
		at, chosen, left = append(at, x), append(chosen, 0.8-x*x/5), append(left, 0.7-(x-0.2)*(x-0.2)/9)
	}
	scatter, histogram, curves := NewScatter(), NewHistogram(), NewCurves()
	scatter.Set(points)
	scatter.Choose(17)
	histogram.Set(append(values, 0, 0, 0))
	histogram.hover = 3
	curves.Set(at, chosen, left, 10, 4)
	curves.hover = 15
	return container.NewVBox(container.NewGridWithColumns(2, scatter, histogram), curves, container.NewGridWithColumns(3, NewScatter(), NewHistogram(), NewCurves()))
}

func sparklines() fyne.CanvasObject {
	line := func(values ...float64) fyne.CanvasObject {
		s := NewSparkline()
		s.Set(values)
		return s
	}
	return container.NewVBox(line(0.71, 0.72, 0.715, 0.75, 0.76, 0.755, 0.79, 0.82), line(0.8, 0.8, 0.8), line(0.8), line(0.7, math.NaN(), 0.6, 0.8), line())
}

func TestWidgetsLookAsBefore(t *testing.T) {
	for _, mode := range []theme.Mode{theme.Light, theme.Dark} {
		for _, s := range sheets {
			test.NewTempApp(t)
			fyne.CurrentApp().Settings().SetTheme(theme.New(mode, 1))
			canvas := software.NewCanvas()
			canvas.SetPadded(false)
			o := s.show()
			if s.name != "" {
				o = NewPanel(Surface{Fill: theme.ColorSurface, Across: 16, Down: 16}, o)
			}
			canvas.SetContent(o)
			canvas.Resize(fyne.NewSize(s.width, o.MinSize().Height))
			name := string(mode)
			if s.name != "" {
				name = s.name + "-" + name
			}
			compare(t, name, canvas.Capture())
		}
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
