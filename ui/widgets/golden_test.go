package widgets

import (
	"image"
	"image/color"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"

	"touchstone/engine"
	"touchstone/ui/golden"
	"touchstone/ui/theme"
)

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
	{"scorebar", 260, scoreBars},
	{"gradestrip", 300, gradeStrips},
	{"keyhint", 300, keyHints},
	{"meter", 260, meters},
	{"thumbnail", 300, thumbnails},
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

func scoreBars() fyne.CanvasObject {
	bar := func(full float64, parts ...Part) fyne.CanvasObject {
		b := NewScoreBar()
		b.Set(parts, full)
		return b
	}
	of := func(place int, v float64) Part { return Part{v, theme.Feature(place)} }
	return container.NewVBox(bar(1), bar(1, of(0, 0.4), of(1, 0.3), of(2, 0.2)), bar(1, of(0, 0.4), of(3, -0.15)), bar(1, of(4, 1)), bar(1, of(0, -0.3)))
}

func gradeStrips() fyne.CanvasObject {
	column := container.NewVBox()
	for _, n := range []int{2, 4, 5} {
		for g := -1; g < n; g++ {
			s := NewGradeStrip(n)
			if v := engine.Grade(g); g >= 0 {
				s.Set(&v)
			}
			column.Add(container.NewHBox(s))
		}
	}
	return column
}

func keyHints() fyne.CanvasObject {
	hovered := NewKeyHint("Ctrl K", "find anything", func() {})
	return container.NewVBox(container.NewHBox(NewKeyHint("Z", "undo", func() {})), container.NewHBox(hovered), container.NewHBox(NewKeyHint("⇧ ?", "看不出", func() {})))
}

func meters() fyne.CanvasObject {
	column := container.NewVBox()
	for _, share := range []float64{0, 0.01, 0.5, 1} {
		m := NewMeter()
		m.Set(share)
		column.Add(m)
	}
	return column
}

func thumbnails() fyne.CanvasObject {
	row := container.NewHBox()
	for _, size := range []image.Point{{40, 40}, {80, 30}, {20, 60}} {
		picture := image.NewNRGBA(image.Rect(0, 0, size.X, size.Y))
		for i := range size.X * size.Y {
			picture.Set(i%size.X, i/size.X, color.NRGBA{R: 200, G: uint8(i % 200), A: 255})
		}
		t := NewThumbnail()
		t.SetPicture(picture)
		row.Add(t)
	}
	letter := NewThumbnail()
	letter.Set("Lamps")
	row.Add(letter)
	return row
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
			golden.Compare(t, name, canvas.Capture())
		}
	}
}
