package ui

import (
	"fmt"
	"image"
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
)

// sight is a text in a window, as it is drawn.
type sight struct {
	text        string
	need, space fyne.Size // of the text, and what it was given
	ink         box       // where its letters stand
	seen        box       // the part of the window in which they can be seen
	size        float32
	colour      color.Color
	scrolled    bool // a person can bring what is below or above into view
	typed       bool // in a field, which shows as much as it has room for
}

// box is a rectangle in points.
type box struct{ left, top, right, bottom float32 }

func boxOf(at fyne.Position, size fyne.Size) box {
	return box{at.X, at.Y, at.X + size.Width, at.Y + size.Height}
}

func (b box) within(c box) box {
	return box{max(b.left, c.left), max(b.top, c.top), min(b.right, c.right), min(b.bottom, c.bottom)}
}

func (b box) isEmpty() bool { return b.right <= b.left || b.bottom <= b.top }

// sights lists the texts below an object that can be seen at least in part.
func sights(o fyne.CanvasObject, window fyne.Size) []sight {
	var found []sight
	var walk func(o fyne.CanvasObject, at fyne.Position, s sight)
	walk = func(o fyne.CanvasObject, at fyne.Position, s sight) {
		if !o.Visible() {
			return
		}
		at = at.Add(o.Position())
		switch o := o.(type) {
		case *canvas.Text:
			s.text, s.size, s.colour = o.Text, o.TextSize, o.Color
			s.need, s.space = fyne.MeasureText(o.Text, o.TextSize, o.TextStyle), o.Size()
			s.ink = boxOf(at.AddXY(before(o.Alignment)*(s.space.Width-s.need.Width), 0), s.need)
			if o.Text != "" && s.space.Width > 0 && !s.ink.within(s.seen).isEmpty() {
				found = append(found, s)
			}
		case *fyne.Container:
			for _, child := range o.Objects {
				walk(child, at, s)
			}
		case fyne.Widget:
			switch o.(type) {
			case *container.Scroll:
				s.scrolled = true
				s.seen = s.seen.within(boxOf(at, o.Size()))
			case interface{ SelectedText() string }:
				s.typed = true
			}
			for _, child := range test.WidgetRenderer(o).Objects() {
				walk(child, at, s)
			}
		}
	}
	walk(o, fyne.Position{}, sight{seen: boxOf(fyne.Position{}, window)})
	return found
}

// before is the share of the room that is left over which stands before a text.
func before(a fyne.TextAlign) float32 {
	switch a {
	case fyne.TextAlignCenter:
		return 0.5
	case fyne.TextAlignTrailing:
		return 1
	}
	return 0
}

// faults says what is wrong with how texts stand: too little space, cut off by
// the edge of their pane, or over each other. Texts that may end in an ellipsis
// have been cut to their space already.
func faults(all []sight) []string {
	const slack = 1 // rounding
	var wrong []string
	for i := range all {
		s := &all[i]
		if s.typed {
			continue
		}
		if s.need.Width > s.space.Width+slack || s.need.Height > s.space.Height+slack {
			wrong = append(wrong, fmt.Sprintf("%q needs %.0f × %.0f and has %.0f × %.0f", s.text, s.need.Width, s.need.Height, s.space.Width, s.space.Height))
		}
		if s.ink.left < s.seen.left-slack || s.ink.right > s.seen.right+slack ||
			!s.scrolled && (s.ink.top < s.seen.top-slack || s.ink.bottom > s.seen.bottom+slack) {
			wrong = append(wrong, fmt.Sprintf("%q stands at %.0f and is seen in %.0f only", s.text, s.ink, s.seen))
		}
		for k := range all[:i] {
			// Letters leave some of the height of a line empty, above and below.
			const across, down = 2, 4
			if both := s.ink.within(s.seen).within(all[k].ink.within(all[k].seen)); both.right-both.left > across && both.bottom-both.top > down {
				wrong = append(wrong, fmt.Sprintf("%q lies over %q at %.0f", s.text, all[k].text, both))
			}
		}
	}
	return wrong
}

// pale lists the texts of a picture that do not stand out from what is behind
// them by 4.5 : 1 (WCAG 2.2), 3 : 1 where they are large.
func pale(all []sight, picture image.Image, scale float32) []string {
	var wrong []string
	for i := range all {
		s := &all[i]
		at := s.ink.within(s.seen)
		if at.bottom-at.top < 0.7*s.need.Height { // at the edge of what scrolls, in its shadow
			continue
		}
		behind, ok := behind(picture, image.Rect(int(at.left*scale), int(at.top*scale), int(at.right*scale), int(at.bottom*scale)))
		if !ok {
			continue
		}
		want := 4.5
		if s.size >= 24 {
			want = 3
		}
		if got := contrast(s.colour, behind); got < want-0.05 {
			wrong = append(wrong, fmt.Sprintf("%q stands out by %.2f only, %v on %v at %.0f", s.text, got, s.colour, behind, at))
		}
	}
	return wrong
}

// behind is the colour that most of a rectangle has.
func behind(picture image.Image, in image.Rectangle) (color.NRGBA, bool) {
	counts := map[color.NRGBA]int{}
	var most color.NRGBA
	for y := in.Min.Y; y < in.Max.Y; y++ {
		for x := in.Min.X; x < in.Max.X; x++ {
			c := color.NRGBAModel.Convert(picture.At(x, y)).(color.NRGBA)
			if counts[c]++; counts[c] > counts[most] {
				most = c
			}
		}
	}
	return most, len(counts) > 0
}

func contrast(a, b color.Color) float64 {
	luminance := func(c color.Color) float64 {
		r, g, b, _ := c.RGBA()
		linear := func(v uint32) float64 {
			c := float64(v) / 0xffff
			if c <= 0.04045 {
				return c / 12.92
			}
			return math.Pow((c+0.055)/1.055, 2.4)
		}
		return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
	}
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}
