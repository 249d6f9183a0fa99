package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/ui/theme"
)

// Weighting says how much a button asks to be pressed.
type Weighting int

// The weightings of a button.
const (
	Bordered Weighting = iota // one of several things to do
	Primary                   // the thing to do here; one a screen
	Quiet                     // a word or an icon that can be pressed
	Heading                   // above a column, which it sorts
)

// Button is a button with a label, an icon or both.
type Button struct {
	widget.DisableableWidget
	pressing

	label    string
	icon     string // of package theme; "" for none
	weight   Weighting
	right    bool // a word stands on the right edge
	selected bool
}

// NewButton makes a button with a label.
func NewButton(label string, weight Weighting, tapped func()) *Button {
	return newButton(&Button{label: label, weight: weight}, tapped)
}

// NewIconButton makes a quiet square button; icon is a name of package theme.
func NewIconButton(icon string, tapped func()) *Button {
	return newButton(&Button{icon: icon, weight: Quiet}, tapped)
}

func newButton(b *Button, tapped func()) *Button {
	b.pressing = pressing{self: b, OnTapped: tapped}
	b.ExtendBaseWidget(b)
	return b
}

// AtRight lets a word stand on the right edge of its space, as figures do.
func (b *Button) AtRight() *Button {
	b.right = true
	return b
}

// isWord says whether the button is a word among other text. It stands where text
// would; what lights it up when it is pointed at reaches out around it.
func (b *Button) isWord() bool { return (b.weight == Quiet || b.weight == Heading) && b.icon == "" }

// Label is the text on the button.
func (b *Button) Label() string { return b.label }

// SetLabel changes the text on the button.
func (b *Button) SetLabel(label string) {
	if label != b.label {
		b.label = label
		b.Refresh()
	}
}

// SetEnabled lets the button be pressed, or not.
func (b *Button) SetEnabled(on bool) {
	if on && b.Disabled() {
		b.Enable()
	} else if !on && !b.Disabled() {
		b.Disable()
	}
}

// SetSelected marks the button of the screen or the view that is shown.
func (b *Button) SetSelected(on bool) {
	if on != b.selected {
		b.selected = on
		b.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	r := &buttonRenderer{b: b, box: canvas.NewRectangle(nil), over: canvas.NewRectangle(nil), text: canvas.NewText("", nil)}
	r.box.CornerRadius, r.over.CornerRadius = theme.Rounded, theme.Rounded
	r.objects = []fyne.CanvasObject{r.box, r.over, r.text}
	if b.icon != "" {
		r.icon = canvas.NewImageFromResource(theme.Icon(b.icon, theme.ColorMuted))
		r.icon.FillMode = canvas.ImageFillContain
		r.objects = append(r.objects, r.icon)
	}
	r.Refresh()
	return r
}

type buttonRenderer struct {
	b         *Button
	box, over *canvas.Rectangle
	text      *canvas.Text
	icon      *canvas.Image
	objects   []fyne.CanvasObject
}

func (r *buttonRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *buttonRenderer) Destroy()                     {}

func (r *buttonRenderer) padding() fyne.Size {
	if r.b.isWord() {
		return fyne.NewSize(theme.Gap, theme.Gap/2)
	}
	return fyne.NewSize(theme.Gap3, theme.Gap2)
}

func (r *buttonRenderer) MinSize() fyne.Size {
	size := fyne.NewSize(0, 0)
	if r.b.label != "" {
		size = r.text.MinSize()
	}
	if r.icon != nil {
		side := fynetheme.SizeForWidget(fynetheme.SizeNameInlineIcon, r.b)
		if size.Width > 0 {
			size.Width += theme.Gap2
		}
		size = fyne.NewSize(size.Width+side, max(size.Height, side))
	}
	pad := r.padding()
	return size.AddWidthHeight(2*pad.Width, 2*pad.Height)
}

func (r *buttonRenderer) Layout(size fyne.Size) {
	r.box.Resize(size)
	r.over.Resize(size)
	width := float32(0)
	if r.b.label != "" {
		width = r.text.MinSize().Width
	}
	side := float32(0)
	if r.icon != nil {
		side = fynetheme.SizeForWidget(fynetheme.SizeNameInlineIcon, r.b)
		if width > 0 {
			width += theme.Gap2
		}
	}
	x := (size.Width - width - side) / 2
	if r.icon != nil && width > 0 { // with its name an icon stands in line with those above and below
		x = r.padding().Width
	}
	if r.icon != nil {
		r.icon.Move(fyne.NewPos(x, (size.Height-side)/2))
		r.icon.Resize(fyne.NewSquareSize(side))
		x += side + theme.Gap2
	}
	height := r.text.MinSize().Height
	if r.b.isWord() {
		if x = 0; r.b.right {
			x = size.Width - width
		}
		for _, around := range []*canvas.Rectangle{r.box, r.over} {
			around.Move(fyne.NewPos(x-theme.Gap, 0))
			around.Resize(fyne.NewSize(width+2*theme.Gap, size.Height))
		}
	}
	r.text.Move(fyne.NewPos(x, (size.Height-height)/2))
	r.text.Resize(fyne.NewSize(width, height))
}

func (r *buttonRenderer) Refresh() {
	b := r.b
	fill, stroke, ink := fyne.ThemeColorName(""), fyne.ThemeColorName(""), fynetheme.ColorNameForeground
	switch b.weight {
	case Bordered:
		fill, stroke = fynetheme.ColorNameButton, fynetheme.ColorNameInputBorder
	case Primary:
		fill, ink = fynetheme.ColorNamePrimary, fynetheme.ColorNameForegroundOnPrimary
	case Quiet:
		ink = theme.ColorAccentText
		if b.icon != "" { // the word says what the icon means, and is as quiet
			ink = theme.ColorMuted
		}
	case Heading:
		if ink = theme.ColorMuted; b.selected {
			ink = fynetheme.ColorNameForeground
		}
	}
	if b.selected && b.weight != Heading {
		fill, ink = theme.ColorRow, theme.ColorAccentText
	}
	if b.Disabled() {
		ink = fynetheme.ColorNameDisabled
		if fill != "" {
			fill = fynetheme.ColorNameDisabledButton
		}
	}
	r.text.Text = b.label
	size := fynetheme.SizeNameText
	if b.weight == Heading {
		size = fynetheme.SizeNameCaptionText
	}
	r.text.TextSize = fynetheme.SizeForWidget(size, b)
	r.text.TextStyle.Bold = b.weight == Primary
	r.text.Color = fynetheme.ColorForWidget(ink, b)
	paint(r.box, b, fill, stroke)
	over := fyne.ThemeColorName("")
	if b.hovered && !b.Disabled() {
		over = fynetheme.ColorNameHover
	}
	ring := fyne.ThemeColorName("")
	if b.focused {
		ring = fynetheme.ColorNamePrimary
	}
	paint(r.over, b, over, ring)
	if b.focused {
		r.over.StrokeWidth = 2
	}
	if r.icon != nil {
		name := theme.ColorMuted
		if b.selected {
			name = theme.ColorAccentText
		}
		r.icon.Resource = theme.Icon(b.icon, name)
		r.icon.Refresh()
	}
	r.Layout(b.Size())
	r.text.Refresh()
	r.box.Refresh()
	r.over.Refresh()
}

// paint gives a rectangle colours of the theme; "" is none.
func paint(r *canvas.Rectangle, w fyne.Widget, fill, stroke fyne.ThemeColorName) {
	r.FillColor, r.StrokeColor, r.StrokeWidth = color.Transparent, color.Transparent, 0
	if fill != "" {
		r.FillColor = fynetheme.ColorForWidget(fill, w)
	}
	if stroke != "" {
		r.StrokeColor, r.StrokeWidth = fynetheme.ColorForWidget(stroke, w), 1
	}
}
