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
	onTapped func()
	content  *fyne.Container // kept, with its size: the toolkit forgets what draws a widget that was hidden for a minute
}

// NewKeyHint makes a hint.
func NewKeyHint(key, does string, tapped func()) *KeyHint {
	h := &KeyHint{onTapped: tapped}
	h.content = container.New(layout.NewCustomPaddedHBoxLayout(theme.Gap), NewKeyCap(key),
		container.NewCenter(NewText(does, Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted})))
	h.ExtendBaseWidget(h)
	return h
}

// NewKeyCap shows a key as it looks on a keyboard.
func NewKeyCap(key string) fyne.CanvasObject {
	return NewPanel(Surface{Fill: theme.ColorSurface, Stroke: fynetheme.ColorNameInputBorder, Radius: theme.Gap, Across: 6, Down: 1},
		NewText(key, Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted}))
}

// Tapped implements fyne.Tappable.
func (h *KeyHint) Tapped(*fyne.PointEvent) { h.onTapped() }

// Cursor implements desktop.Cursorable.
func (h *KeyHint) Cursor() desktop.Cursor { return desktop.PointerCursor }

// CreateRenderer implements fyne.Widget.
func (h *KeyHint) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(h.content)
}
