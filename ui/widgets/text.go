package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Style is how a Text looks. The zero Style is body text.
type Style struct {
	Size   fyne.ThemeSizeName  // "" is body text
	Colour fyne.ThemeColorName // "" is the foreground
	Bold   bool
	Align  fyne.TextAlign
	Cut    bool // end in an ellipsis where the space is too narrow; otherwise ask for the space
}

// Text is one line of text. It is cheap to change, for rows that scroll by.
type Text struct {
	widget.BaseWidget
	text  string
	style Style
}

// NewText makes a line of text.
func NewText(text string, style Style) *Text {
	t := &Text{text: text, style: style}
	t.ExtendBaseWidget(t)
	return t
}

// Text is what was set, uncut.
func (t *Text) Text() string { return t.text }

// SetText changes the text.
func (t *Text) SetText(text string) {
	if text != t.text {
		t.text = text
		t.Refresh()
	}
}

// SetColour changes the colour.
func (t *Text) SetColour(name fyne.ThemeColorName) {
	if name != t.style.Colour {
		t.style.Colour = name
		t.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (t *Text) CreateRenderer() fyne.WidgetRenderer {
	r := &textRenderer{t: t, drawn: canvas.NewText("", nil)}
	r.Refresh()
	return r
}

type textRenderer struct {
	t     *Text
	drawn *canvas.Text
}

func (r *textRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.drawn} }
func (r *textRenderer) Destroy()                     {}

func (r *textRenderer) MinSize() fyne.Size {
	size := fyne.MeasureText(r.t.text, r.drawn.TextSize, r.drawn.TextStyle)
	if r.t.style.Cut {
		size.Width = 0
	}
	return size
}

func (r *textRenderer) Layout(size fyne.Size) {
	r.drawn.Resize(size)
	shown := r.t.text
	if r.t.style.Cut {
		shown = cut(shown, size.Width, r.drawn.TextSize, r.drawn.TextStyle)
	}
	if shown != r.drawn.Text {
		r.drawn.Text = shown
		r.drawn.Refresh()
	}
}

func (r *textRenderer) Refresh() {
	s := r.t.style
	name, colour := s.Size, s.Colour
	if name == "" {
		name = fynetheme.SizeNameText
	}
	if colour == "" {
		colour = fynetheme.ColorNameForeground
	}
	r.drawn.TextSize = fynetheme.SizeForWidget(name, r.t)
	r.drawn.Color = fynetheme.ColorForWidget(colour, r.t)
	r.drawn.TextStyle.Bold = s.Bold
	r.drawn.Alignment = s.Align
	r.Layout(r.t.Size())
	r.drawn.Refresh()
}

// cut shortens text to a width with an ellipsis.
func cut(text string, width, size float32, style fyne.TextStyle) string {
	if width <= 0 {
		return text
	}
	whole := fyne.MeasureText(text, size, style).Width
	if whole <= width {
		return text
	}
	runes := []rune(text)
	fits := func(n int) bool { return fyne.MeasureText(string(runes[:n])+"…", size, style).Width <= width }
	// To measure is what takes time, and most of a text is about as wide as the
	// rest of it: from there it is a few steps.
	low, high := 0, len(runes)-1 // the ellipsis alone may be wider than what it stands for
	guess := min(int(float32(len(runes))*width/whole), high)
	if fits(guess) {
		low = guess
		for step := 1; low+step <= high; step *= 2 {
			if !fits(low + step) {
				high = low + step - 1
				break
			}
			low += step
		}
	} else {
		high = guess - 1
		for step := 1; high-step >= 0; step *= 2 {
			if fits(high - step) {
				low = high - step
				break
			}
			high -= step + 1
		}
	}
	for low < high {
		middle := (low + high + 1) / 2
		if fits(middle) {
			low = middle
		} else {
			high = middle - 1
		}
	}
	if low <= 0 {
		return ""
	}
	return string(runes[:low]) + "…"
}
