package widgets

import (
	"image/color"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/engine"
	"touchstone/ui/theme"
)

const (
	gradeWidth  = 32
	gradeHeight = 28
)

// GradeStrip is a row of buttons, one a grade, with the given one lit.
type GradeStrip struct {
	widget.BaseWidget
	// OnGrade is called with the grade that was pressed.
	OnGrade func(engine.Grade)

	grades  int           // how many there are to choose from
	fills   []color.Color // one a grade, nil for the theme's
	keys    []string      // one a grade, shown in place of its figure; nil shows figures
	grade   *engine.Grade
	hovered int // -1 for none
}

// NewGradeStrip makes a strip of the grades 0 to grades−1.
func NewGradeStrip(grades int) *GradeStrip {
	s := &GradeStrip{grades: grades, hovered: -1}
	s.ExtendBaseWidget(s)
	return s
}

// Set lights a grade, none where grade is nil. A fractional grade, an average
// of judges, lights the nearest whole one.
func (s *GradeStrip) Set(grade *engine.Grade) {
	if (grade == nil) == (s.grade == nil) && (grade == nil || *grade == *s.grade) {
		return
	}
	s.grade = nil
	if grade != nil {
		g := *grade
		s.grade = &g
	}
	s.Refresh()
}

// SetColours gives the grades colours of their own, nil for the theme's.
func (s *GradeStrip) SetColours(fills []color.Color) {
	s.fills = fills
	s.Refresh()
}

// SetKeys shows the keys that give the grades, which need not be figures.
func (s *GradeStrip) SetKeys(keys []string) {
	s.keys = keys
	s.Refresh()
}

func (s *GradeStrip) lit() int {
	if s.grade == nil {
		return -1
	}
	return min(max(int(*s.grade+0.5), 0), s.grades-1)
}

// at is the grade under a point, -1 between buttons.
func (s *GradeStrip) at(p fyne.Position) int {
	i := int(p.X / (gradeWidth + theme.Gap))
	if p.X < 0 || i >= s.grades || p.X-float32(i)*(gradeWidth+theme.Gap) > gradeWidth {
		return -1
	}
	return i
}

// Tapped implements fyne.Tappable.
func (s *GradeStrip) Tapped(e *fyne.PointEvent) {
	if i := s.at(e.Position); i >= 0 && s.OnGrade != nil {
		s.OnGrade(engine.Grade(i))
	}
}

// MouseIn implements desktop.Hoverable.
func (s *GradeStrip) MouseIn(e *desktop.MouseEvent) { s.hover(s.at(e.Position)) }

// MouseMoved implements desktop.Hoverable.
func (s *GradeStrip) MouseMoved(e *desktop.MouseEvent) { s.hover(s.at(e.Position)) }

// MouseOut implements desktop.Hoverable.
func (s *GradeStrip) MouseOut() { s.hover(-1) }

func (s *GradeStrip) hover(i int) {
	if i != s.hovered {
		s.hovered = i
		s.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (s *GradeStrip) CreateRenderer() fyne.WidgetRenderer {
	r := &gradeStripRenderer{s: s}
	r.Refresh()
	return r
}

type gradeStripRenderer struct {
	s       *GradeStrip
	boxes   []*canvas.Rectangle
	figures []*canvas.Text
	objects []fyne.CanvasObject
}

func (r *gradeStripRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *gradeStripRenderer) Destroy()                     {}

func (r *gradeStripRenderer) MinSize() fyne.Size {
	return fyne.NewSize(float32(r.s.grades)*(gradeWidth+theme.Gap)-theme.Gap, gradeHeight)
}

func (r *gradeStripRenderer) Layout(size fyne.Size) {
	y := (size.Height - gradeHeight) / 2
	for i := range r.boxes {
		x := float32(i) * (gradeWidth + theme.Gap)
		r.boxes[i].Move(fyne.NewPos(x, y))
		r.boxes[i].Resize(fyne.NewSize(gradeWidth, gradeHeight))
		height := r.figures[i].MinSize().Height
		r.figures[i].Move(fyne.NewPos(x, y+(gradeHeight-height)/2))
		r.figures[i].Resize(fyne.NewSize(gradeWidth, height))
	}
}

func (r *gradeStripRenderer) Refresh() {
	for len(r.boxes) < r.s.grades {
		box := canvas.NewRectangle(nil)
		box.CornerRadius, box.StrokeWidth = theme.Rounded, 1
		figure := canvas.NewText(strconv.Itoa(len(r.boxes)), nil)
		figure.Alignment = fyne.TextAlignCenter
		r.boxes, r.figures = append(r.boxes, box), append(r.figures, figure)
		r.objects = append(r.objects, box, figure)
	}
	lit := r.s.lit()
	for i, box := range r.boxes {
		figure := r.figures[i]
		if i < len(r.s.keys) {
			figure.Text = r.s.keys[i]
		}
		figure.TextSize = fynetheme.SizeForWidget(fynetheme.SizeNameText, r.s)
		figure.Hidden, box.Hidden = i >= r.s.grades, i >= r.s.grades
		fill, stroke, ink := theme.ColorSurface, fynetheme.ColorNameInputBorder, theme.ColorMuted
		switch {
		case i == lit:
			fill, stroke, ink = theme.ColorGrade(i), theme.ColorGrade(i), theme.ColorOnGrade(i)
		case i == r.s.hovered:
			stroke, ink = theme.ColorAccentText, theme.ColorAccentText
		}
		box.FillColor = fynetheme.ColorForWidget(fill, r.s)
		box.StrokeColor = fynetheme.ColorForWidget(stroke, r.s)
		figure.Color = fynetheme.ColorForWidget(ink, r.s)
		if i == lit && i < len(r.s.fills) && r.s.fills[i] != nil {
			box.FillColor, box.StrokeColor, figure.Color = r.s.fills[i], r.s.fills[i], theme.On(r.s.fills[i])
		}
		box.Refresh()
		figure.Refresh()
	}
	r.Layout(r.s.Size())
}
