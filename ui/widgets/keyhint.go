package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/ui/theme"
)

// KeyHint names a key and what it does. It does the same when it is pressed.
type KeyHint struct {
	widget.BaseWidget
	key, does string
	onTapped  func()
}

// NewKeyHint makes a hint.
func NewKeyHint(key, does string, tapped func()) *KeyHint {
	h := &KeyHint{key: key, does: does, onTapped: tapped}
	h.ExtendBaseWidget(h)
	return h
}

// Tapped implements fyne.Tappable.
func (h *KeyHint) Tapped(*fyne.PointEvent) { h.onTapped() }

// Cursor implements desktop.Cursorable.
func (h *KeyHint) Cursor() desktop.Cursor { return desktop.PointerCursor }

// CreateRenderer implements fyne.Widget.
func (h *KeyHint) CreateRenderer() fyne.WidgetRenderer {
	style := Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted}
	cap := NewPanel(Surface{Fill: theme.ColorSurface, Stroke: fynetheme.ColorNameInputBorder, Radius: theme.Gap, Across: 6, Down: 1}, NewText(h.key, style))
	return widget.NewSimpleRenderer(container.New(layout.NewCustomPaddedHBoxLayout(theme.Gap), cap, container.NewCenter(NewText(h.does, style))))
}
