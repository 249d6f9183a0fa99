package widgets

import (
	"image/color"
	"math"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"pgregory.net/rapid"

	"touchstone/engine"
	"touchstone/ui/theme"
)

func setup(t *testing.T) {
	t.Helper()
	test.NewTempApp(t)
	fyne.CurrentApp().Settings().SetTheme(theme.New(theme.Light, 1))
}

func at(x, y float32) *fyne.PointEvent { return &fyne.PointEvent{Position: fyne.NewPos(x, y)} }

func drawnText(t *Text) string {
	return test.WidgetRenderer(t).(*textRenderer).drawn.Text
}

func TestTextEndsInAnEllipsisWhereItIsCut(t *testing.T) {
	setup(t)
	cases := []struct {
		text  string
		width float32
		style Style
		cut   bool
	}{
		{"short", 200, Style{Cut: true}, false},
		{"Over-ear headphones with active noise cancelling", 120, Style{Cut: true, Bold: true}, true},
		{"华为 FreeBuds Pro 3 真无线降噪耳机，陶瓷白", 120, Style{Cut: true}, true},
		{"Over-ear headphones with active noise cancelling", 120, Style{}, false},
		{strings.Repeat("x", 100_000), 120, Style{Cut: true}, true},
		{strings.Repeat("i", 40), 120, Style{Cut: true}, true},
	}
	for _, c := range cases {
		text := NewText(c.text, c.style)
		text.Resize(fyne.NewSize(c.width, 20))
		shown := drawnText(text)
		if c.cut != strings.HasSuffix(shown, "…") || !c.cut && shown != c.text {
			t.Errorf("%.30q is shown as %q", c.text, shown)
		}
		if c.cut {
			size := fyne.MeasureText(shown, 13, fyne.TextStyle{Bold: c.style.Bold})
			if size.Width > c.width || size.Width < c.width-25 {
				t.Errorf("%.30q takes %v of %v", c.text, size.Width, c.width)
			}
		}
		if text.Text() != c.text {
			t.Errorf("%.30q was changed", c.text)
		}
	}
}

// TestDrawnAnewAWidgetStandsAsBefore: the toolkit forgets what draws a widget that
// was hidden for a minute, and makes it anew without laying it out.
func TestDrawnAnewAWidgetStandsAsBefore(t *testing.T) {
	setup(t)
	delta := NewDelta()
	delta.Set(0.027, "+0.027")
	for name, w := range map[string]fyne.Widget{
		"text": NewText("rank", Style{}), "paragraph": NewParagraph("Two lines of text", 60, Style{}), "button": NewButton("Learn", Primary, nil),
		"chip": NewChip("Category any", nil), "key hint": NewKeyHint("Z", "undo", nil), "grade strip": NewGradeStrip(4), "delta": delta,
		"thumbnail": NewThumbnail(), "score bar": NewScoreBar(), "panel": NewPanel(Surface{Down: 2}, NewText("on it", Style{})),
	} {
		w.Resize(w.MinSize())
		was, is := test.WidgetRenderer(w).Objects(), w.CreateRenderer().Objects()
		if len(is) != len(was) {
			t.Errorf("%s is drawn by %d objects, and anew by %d", name, len(was), len(is))
			continue
		}
		for i := range is {
			if is[i].Size() != was[i].Size() || is[i].Position() != was[i].Position() {
				t.Errorf("%s: object %d is %v at %v, and anew %v at %v", name, i, was[i].Size(), was[i].Position(), is[i].Size(), is[i].Position())
			}
		}
	}
}

func TestTextGrowsBackWhenThereIsSpace(t *testing.T) {
	setup(t)
	text := NewText("Wireless in-ear buds", Style{Cut: true})
	text.Resize(fyne.NewSize(50, 20))
	text.Resize(fyne.NewSize(300, 20))
	if got := drawnText(text); got != "Wireless in-ear buds" {
		t.Errorf("shown as %q", got)
	}
}

// A paragraph keeps every character but spaces at line ends, and no line is
// wider than it may be unless it is a single character.
func TestWrapKeepsTheTextWithinItsWidth(t *testing.T) {
	measure := func(s string) float32 { return float32(utf8.RuneCountInString(s)) }
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.SampledFrom([]rune("abc é，。手机华  \n")), 0, 60, -1).Draw(t, "text")
		width := float32(rapid.IntRange(1, 20).Draw(t, "width"))
		lines := wrap(text, width, measure)
		for _, line := range lines {
			if n := measure(line); n > width && n > 1 {
				t.Fatalf("line %q is wider than %v", line, width)
			}
		}
		squash := func(s string) string { return strings.NewReplacer(" ", "", "\n", "").Replace(s) }
		if got := squash(strings.Join(lines, "")); got != squash(text) {
			t.Fatalf("%q became %q", text, got)
		}
	})
}

func TestWrapBreaksWhereReadersExpect(t *testing.T) {
	measure := func(s string) float32 { return float32(utf8.RuneCountInString(s)) }
	cases := []struct {
		text  string
		width float32
		want  []string
	}{
		{"", 5, []string{""}},
		{"two words", 5, []string{"two", "words"}},
		{"a b\nc", 9, []string{"a b", "c"}},
		{"手机很好，便宜", 4, []string{"手机很", "好，便宜"}},
		{"unbreakable", 4, []string{"unbr", "eaka", "ble"}},
	}
	for _, c := range cases {
		if got := wrap(c.text, c.width, measure); !slices.Equal(got, c.want) {
			t.Errorf("wrap(%q, %v) is %q, want %q", c.text, c.width, got, c.want)
		}
	}
}

func TestGradeStripGivesTheGradeThatIsPressed(t *testing.T) {
	setup(t)
	s := NewGradeStrip(4)
	s.Resize(s.MinSize())
	var got []engine.Grade
	s.OnGrade = func(g engine.Grade) { got = append(got, g) }
	for i := range 4 {
		s.Tapped(at(float32(i)*(gradeWidth+theme.Gap)+gradeWidth/2, 10))
	}
	s.Tapped(at(gradeWidth+1, 10))               // between two
	s.Tapped(at(4*(gradeWidth+theme.Gap)+5, 10)) // beyond the last
	s.Tapped(at(-3, 10))                         // before the first
	if want := []engine.Grade{0, 1, 2, 3}; !slices.Equal(got, want) {
		t.Errorf("graded %v, want %v", got, want)
	}
}

func TestGradeStripLightsOneGrade(t *testing.T) {
	setup(t)
	s := NewGradeStrip(4)
	r := test.WidgetRenderer(s).(*gradeStripRenderer)
	g := func(v engine.Grade) *engine.Grade { return &v }
	for _, c := range []struct {
		grade *engine.Grade
		lit   int
	}{{nil, -1}, {g(0), 0}, {g(3), 3}, {g(1.6), 2}, {g(7), 3}, {nil, -1}} {
		s.Set(c.grade)
		surface := theme.New(theme.Light, 1).Color(theme.ColorSurface, 0)
		for i, box := range r.boxes {
			if lit := box.FillColor != surface; lit != (i == c.lit) {
				t.Errorf("grade %v: button %d lit is %v", c.grade, i, lit)
			}
		}
	}
}

func TestSlider(t *testing.T) {
	setup(t)
	s := NewSlider(-1, 1)
	s.Resize(fyne.NewSize(100+sliderThumb, sliderHeight))
	var told []float64
	s.OnChanged = func(v float64) { told = append(told, v) }
	s.Set(-1, 1, 0.5)
	if len(told) != 0 {
		t.Errorf("Set told %v", told)
	}
	steps := []struct {
		do   func()
		want float64
	}{
		{func() { s.Tapped(at(sliderThumb/2+25, 5)) }, -0.5},
		{func() { s.Dragged(&fyne.DragEvent{PointEvent: *at(sliderThumb/2+75, 5)}) }, 0.5},
		{func() { s.Dragged(&fyne.DragEvent{PointEvent: *at(900, 5)}) }, 1},
		{func() { s.Dragged(&fyne.DragEvent{PointEvent: *at(-900, 5)}) }, -1},
		{func() { s.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight}) }, -1 + 2.0/sliderSteps},
		{func() { s.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd}) }, 1},
		{func() { s.TypedKey(&fyne.KeyEvent{Name: fyne.KeyHome}) }, -1},
	}
	for i, step := range steps {
		step.do()
		if s.value != step.want || told[len(told)-1] != step.want {
			t.Errorf("step %d: value %v, told %v, want %v", i, s.value, told[len(told)-1], step.want)
		}
	}
	n := len(told)
	s.TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
	if len(told) != n {
		t.Error("told of a value that did not change")
	}
}

func TestSliderFillsFromZero(t *testing.T) {
	setup(t)
	s := NewSlider(-1, 1)
	s.Resize(fyne.NewSize(100+sliderThumb, sliderHeight))
	r := test.WidgetRenderer(s).(*sliderRenderer)
	s.Set(-1, 1, -0.5)
	if x, w := r.fill.Position().X, r.fill.Size().Width; x != sliderThumb/2+25 || w != 25 {
		t.Errorf("fills %v from %v", w, x)
	}
	s.Set(0, 0, 0) // a range of nothing draws, and does not divide by it
}

func TestButton(t *testing.T) {
	setup(t)
	pressed := 0
	b := NewButton("Learn", Primary, func() { pressed++ })
	test.Tap(b)
	b.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	b.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	b.TypedKey(&fyne.KeyEvent{Name: fyne.KeyTab})
	if pressed != 3 {
		t.Errorf("pressed %d times, want 3", pressed)
	}
	b.Disable()
	test.Tap(b)
	b.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	if pressed != 3 {
		t.Error("a disabled button was pressed")
	}
}

func TestScoreBar(t *testing.T) {
	setup(t)
	red, blue := color.NRGBA{R: 255, A: 255}, color.NRGBA{B: 255, A: 255}
	cases := []struct {
		parts  []Part
		full   float64
		widths []float32
		lost   float32
	}{
		{nil, 1, nil, 0},
		{[]Part{{0.5, red}, {0.25, blue}}, 1, []float32{50, 25}, 0},
		{[]Part{{0.5, red}, {-0.2, blue}, {0.3, blue}}, 1, []float32{50, 30}, 20},
		{[]Part{{0.1, red}, {-5, blue}}, 1, []float32{10}, 10},
		{[]Part{{3, red}, {1, blue}}, 1, []float32{100}, 0},
		{[]Part{{1, red}}, 0, nil, 0},
	}
	b := NewScoreBar()
	r := test.WidgetRenderer(b).(*scoreBarRenderer)
	for _, c := range cases {
		b.Set(c.parts, c.full)
		ends, _, lost := r.stack(100)
		var widths []float32
		x := 0.0
		for _, end := range ends {
			widths = append(widths, float32(math.Round(end-x)))
			x = end
		}
		if !slices.Equal(widths, c.widths) {
			t.Errorf("%v of %v: parts are %v wide, want %v", c.parts, c.full, widths, c.widths)
		}
		if lost := float32(math.Round(lost)); lost != c.lost {
			t.Errorf("%v of %v: %v is paled, want %v", c.parts, c.full, lost, c.lost)
		}
	}
	b.Set(cases[2].parts, 1)
	bar := r.draw(100, scoreBarHeight)
	pale := color.NRGBAModel.Convert(bar.At(79, 4))
	for x, want := range map[int]color.Color{0: red, 49: red, 50: blue, 59: blue, 61: pale, 81: r.track} {
		if got := color.NRGBAModel.Convert(bar.At(x, 4)); got != want {
			t.Errorf("at %d the bar is %v, want %v", x, got, want)
		}
	}
	if pale == color.Color(blue) || pale == color.Color(r.track) {
		t.Error("what is lost is not paled")
	}
}

func TestInitial(t *testing.T) {
	for category, want := range map[string]string{
		"": "", "Headphones": "H", "electronics > audio": "A", "手机": "手", "a/": "A", "  (usb)": "U", "···": "", "4K": "4", "éclair": "É",
	} {
		if got := initial(category); got != want {
			t.Errorf("initial(%q) is %q, want %q", category, got, want)
		}
	}
}

func TestColumnsShareWhatIsLeft(t *testing.T) {
	setup(t)
	c := Columns{10, 0, 20, 0}
	var objects []fyne.CanvasObject
	for range c {
		objects = append(objects, NewText("x", Style{Cut: true}))
	}
	c.Layout(objects, fyne.NewSize(130+3*theme.Gap2, 30))
	var widths []float32
	for _, o := range objects {
		widths = append(widths, o.Size().Width)
	}
	if want := []float32{10, 50, 20, 50}; !slices.Equal(widths, want) {
		t.Errorf("columns are %v wide, want %v", widths, want)
	}
	if last := objects[3]; last.Position().X+last.Size().Width != 130+3*theme.Gap2 {
		t.Error("the last column does not end at the edge")
	}
}

func TestMeterStaysWithinItsBar(t *testing.T) {
	setup(t)
	m := NewMeter()
	m.Resize(fyne.NewSize(100, meterHeight))
	r := test.WidgetRenderer(m).(*meterRenderer)
	for share, want := range map[float64]float32{-1: 0, 0: 0, 0.5: 50, 1: 100, 7: 100} {
		m.Set(share)
		if got := r.fill.Size().Width; got != want {
			t.Errorf("%v fills %v, want %v", share, got, want)
		}
	}
}
