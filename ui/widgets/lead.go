package widgets

import (
	"image/color"
	"sync"
	_ "unsafe" // go:linkname

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"touchstone/ui/theme"
)

// Lead shows a field in theme.Lead. All of the program share one override:
// a container.ThemeOverride makes a new one whenever it is refreshed, as it is
// when a place comes up, and for each the toolkit reads all fonts again, 10 MB
// that it keeps as long as the look stays.
type Lead struct {
	widget.BaseWidget
	content fyne.CanvasObject
}

// NewLead shows content larger.
func NewLead(content fyne.CanvasObject) *Lead {
	l := &Lead{content: content}
	l.ExtendBaseWidget(l)
	l.apply()
	content.Refresh() // it may have been drawn as it was
	return l
}

// CreateRenderer implements fyne.Widget. The toolkit forgets the override with
// the renderers of what has been out of sight for a minute.
func (l *Lead) CreateRenderer() fyne.WidgetRenderer {
	l.apply()
	return widget.NewSimpleRenderer(l.content)
}

func (l *Lead) apply() { overrideLike(l.content, lead()) }

// lead is an object that has the override, and is never forgotten.
var lead = sync.OnceValue(func() fyne.CanvasObject {
	o := canvas.NewRectangle(color.Transparent)
	container.NewThemeOverride(o, theme.Lead())
	return o
})

// overrideLike gives what is in o the override of another object. The toolkit's
// lists do so with their rows; there is no public name for it.
//
//go:linkname overrideLike fyne.io/fyne/v2/internal/cache.OverrideThemeMatchingScope
func overrideLike(o, other fyne.CanvasObject) bool
