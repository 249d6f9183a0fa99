package ui

import (
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"touchstone/engine"
	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

const (
	swatchSize  = 10
	labelWidth  = 136
	valueWidth  = 42
	shownWeight = 0.005 // smaller ones show as 0.00
)

// weightRow is one feature with the slider of its weight.
type weightRow struct {
	feature engine.Feature
	content *fyne.Container
	slider  *widgets.Slider
	value   *widgets.Text
}

func newWeightRow(s *search, f engine.Feature, place int) *weightRow {
	r := &weightRow{
		feature: f,
		slider:  widgets.NewSlider(0, 1),
		value:   widgets.NewText("", widgets.Style{Align: fyne.TextAlignTrailing}),
	}
	r.slider.OnChanged = func(v float64) { s.setWeight(f.Name, v) }
	r.content = container.New(widgets.Columns{swatchSize, labelWidth, 0, valueWidth},
		swatch(place), widgets.NewParagraph(locale.Say(f.Label), labelWidth, widgets.Style{}), r.slider, r.value)
	return r
}

// show sets the slider; reach is the largest weight that sliders offer.
func (r *weightRow) show(ranker *engine.Ranker, reach float64) {
	w := ranker.Weight(r.feature.Name)
	low, high := -reach, reach
	if r.feature.Sign > 0 && w >= 0 {
		low = 0
	} else if r.feature.Sign < 0 && w <= 0 {
		high = 0
	}
	r.slider.Set(min(low, w), max(high, w), w)
	r.value.SetText(number(w, 2))
}

// swatch is the colour of a feature.
func swatch(place int) fyne.CanvasObject {
	c := canvas.NewRectangle(theme.Feature(place))
	c.CornerRadius = 2
	c.SetMinSize(fyne.NewSquareSize(swatchSize))
	return c
}

func (in *inspector) showWeights() {
	s := in.s
	r := s.weights()
	state := ""
	switch {
	case s.live.trying:
		state = locale.T(", trying")
	case s.draft != nil:
		state = locale.T(", changed")
	}
	in.version.SetText(rankerName(&r, state))
	reach := 1.0
	for _, w := range s.ranker.Weights {
		reach = max(reach, math.Abs(w.Weight))
	}
	if reach > 1 {
		reach = math.Ceil(reach * 1.25)
	}
	sum := r.Kind == engine.Linear || r.Kind == ""
	in.unweighed.Hidden = sum
	unused := 0
	for _, row := range in.weights {
		row.show(&r, reach)
		name := row.feature.Name
		none := math.Abs(r.Weight(name)) < shownWeight && math.Abs(s.ranker.Weight(name)) < shownWeight
		row.content.Hidden = none && !in.all || !sum
		if none {
			unused++
		}
	}
	in.more.Hidden = unused == 0 || !sum
	if in.all {
		in.more.SetLabel(locale.T("Hide those at 0"))
	} else {
		in.more.SetLabel(locale.T("%d more at 0", unused))
	}
	in.weightsPane.Refresh()
	in.reset.SetEnabled(s.draft != nil)
	in.keep.SetEnabled(s.draft != nil)
	in.learn.SetEnabled(s.status.Judgments > 0)
	in.learn.SetLabel(locale.N(s.status.Judgments, "Learn from %d grade", "Learn from %d grades"))
}

// rankerName is a ranker's name and version, with what else is to be said of it.
func rankerName(r *engine.Ranker, state string) string {
	if r.Version == 0 {
		return r.Name + state
	}
	return r.Label() + state
}
