package ui

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/ui/golden"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

// TestPartsLookAsBefore holds the parts that screens are made of to their golden
// pictures, each in its states.
func TestPartsLookAsBefore(t *testing.T) {
	b := newFakeBench()
	item := func(i int) *workbench.QueueItem {
		p := b.products[i]
		p.Description, p.Rating, p.Popularity = "Adaptive noise cancelling with transparency mode. Eight hours a charge.", engine.Known(4.4), engine.Known(1207)
		p.Attributes = []engine.Attribute{{Name: "Connection", Value: "Bluetooth 5.3"}, {Name: "Wearing", Value: "In ear"}}
		return &workbench.QueueItem{Query: engine.Query{Text: "headphones"}, Product: p}
	}
	for _, part := range []struct {
		name string
		size fyne.Size
		show func() fyne.CanvasObject
	}{
		{"card", fyne.NewSize(760, 300), func() fyne.CanvasObject {
			c := newJudgeCard()
			c.set(item(2), b.Matches)
			return c.content
		}},
		{"card-picture", fyne.NewSize(760, 300), func() fyne.CanvasObject {
			c := newJudgeCard()
			c.set(item(11), b.Matches)
			c.picture.SetPicture(redPicture())
			return c.content
		}},
		{"card-narrow", fyne.NewSize(400, 300), func() fyne.CanvasObject {
			c := newJudgeCard()
			c.set(item(9), b.Matches)
			return c.content
		}},
		{"empty", fyne.NewSize(560, 240), func() fyne.CanvasObject {
			return empty("Nothing matches", "No product goes with “headphones” and everything that was chosen above.",
				container.NewHBox(widgets.NewButton("Take every choice away", widgets.Primary, nil)))
		}},
		{"toast", fyne.NewSize(560, 190), func() fyne.CanvasObject {
			n := newNotices(func() {})
			n.tell(notice{text: "“Kids headphones” is hidden: no search shows it.", action: "Undo", do: func() {}})
			n.tell(notice{bad: true, text: "The grade was not saved: no space left on device: free some and grade again"})
			n.setWidth(560)
			return n.content
		}},
		{"progress", fyne.NewSize(560, 260), func() fyne.CanvasObject {
			n := newNotices(func() {})
			n.job("Importing shop.csv", func() {})
			n.job("Importing shop.csv", func() {}).show(engine.Progress{Stage: "encoding", Done: 640, Total: 19406, Left: 95 * time.Second})
			n.job("Importing shop.csv", func() {}).show(engine.Progress{Stage: "reading", Done: 19000, Total: 19406})
			stopped := n.job("Importing shop.csv", func() {})
			for _, o := range parts(stopped.shown) {
				tapFirst(o)
			}
			n.setWidth(560)
			return n.content
		}},
	} {
		for _, mode := range []theme.Mode{theme.Light, theme.Dark} {
			test.NewTempApp(t)
			fyne.CurrentApp().Settings().SetTheme(theme.New(mode, 1))
			canvas := software.NewCanvas()
			canvas.SetPadded(false)
			canvas.SetContent(widgets.NewPanel(widgets.Surface{Fill: "background"}, part.show()))
			canvas.Resize(part.size)
			golden.Compare(t, part.name+"-"+string(mode), canvas.Capture())
		}
	}
}

// tapFirst presses the first button below an object.
func tapFirst(o fyne.CanvasObject) bool {
	if b, ok := o.(*widgets.Button); ok {
		b.Tapped(nil)
		return true
	}
	for _, child := range parts(o) {
		if tapFirst(child) {
			return true
		}
	}
	return false
}
