package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

const (
	inspectorWidth = 352
	inspectorInner = inspectorWidth - 2*theme.Gap4
)

// inspector is the pane at the right: how good this page and all pages are, and
// below it the weights or the reasons of the selected result.
type inspector struct {
	s       *search
	content fyne.CanvasObject

	page, mean           *figure
	tabs                 *fyne.Container
	weightsTab, whyTab   *widgets.Button
	weightsPane, whyPane *fyne.Container
	version              *widgets.Text
	weights              []*weightRow
	more                 *widgets.Button
	unweighed            *widgets.Paragraph // in place of the weights, of rankers that have none
	all                  bool               // weights of 0 are listed too
	learn, reset, keep   *widgets.Button
	progress             *fyne.Container
	meter                *widgets.Meter
	stage                *widgets.Text
	outcome              *fyne.Container
	why                  *why
}

func newInspector(s *search) *inspector {
	in := &inspector{s: s}
	in.page, in.mean = newFigure(locale.T("This query")), newFigure(locale.T("All queries"))
	in.weightsTab = widgets.NewButton(locale.T("Weights"), widgets.Quiet, func() { in.choose(false) })
	in.whyTab = widgets.NewButton(locale.T("Why"), widgets.Quiet, func() { in.choose(true) })
	in.version = widgets.NewText("", widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted, Align: fyne.TextAlignTrailing, Cut: true})
	in.weightsPane = container.New(layout.NewCustomPaddedVBoxLayout(2))
	in.learn = widgets.NewButton(locale.T("Learn"), widgets.Primary, s.learn)
	in.reset = widgets.NewButton(locale.T("Reset"), widgets.Bordered, s.reset)
	in.keep = widgets.NewButton(locale.T("Keep"), widgets.Bordered, s.keep)
	in.meter = widgets.NewMeter()
	in.stage = widgets.NewText("", widgets.Style{Colour: theme.ColorMuted, Cut: true})
	in.progress = container.NewBorder(nil, nil, nil,
		widgets.NewButton(locale.T("Cancel"), widgets.Bordered, func() {
			if s.stopLearn != nil {
				s.stopLearn()
			}
		}),
		container.New(layout.NewCustomPaddedLayout(0, 0, 0, theme.Gap3),
			container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap), in.stage, in.meter)))
	in.outcome = container.New(layout.NewCustomPaddedVBoxLayout(0))
	in.why = newWhy(s)
	in.whyPane = container.NewStack(in.why.content)
	in.whyPane.Hide()

	in.unweighed = widgets.NewParagraph(locale.T("Trees and networks have no weights to move. Why shows what each feature adds; Models takes a weighted sum back into use."), inspectorInner, widgets.Style{Colour: theme.ColorMuted})
	in.more = widgets.NewButton("", widgets.Quiet, func() {
		in.all = !in.all
		in.show()
		in.content.Refresh()
	})
	in.tabs = container.NewBorder(nil, nil, container.NewHBox(in.weightsTab, in.whyTab), nil, in.version)
	pad := func(top, bottom float32, o fyne.CanvasObject) fyne.CanvasObject {
		return container.New(layout.NewCustomPaddedLayout(top, bottom, theme.Gap4, theme.Gap4), o)
	}
	head := container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap4), in.page.content, in.mean.content, widget.NewSeparator(), in.tabs)
	foot := container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap3),
		container.NewStack(container.New(widgets.Flow{Gap: theme.Gap2, Width: inspectorInner}, in.learn, in.reset, in.keep), in.progress), in.outcome)
	body := pad(0, 0, container.NewStack(in.weightsPane, in.whyPane))
	in.content = widgets.NewPanel(widgets.Surface{Fill: theme.ColorSurface}, container.New(shrinking{body: body},
		pad(theme.Gap4, theme.Gap2, head), container.NewVScroll(body), pad(theme.Gap3, theme.Gap4, foot)))
	in.rebuild()
	return in
}

// rebuild makes a slider for each feature; after an import there may be others.
func (in *inspector) rebuild() {
	in.weightsPane.RemoveAll()
	in.weights = nil
	for i, f := range in.s.bench.Features() {
		row := newWeightRow(in.s, f, i)
		in.weights = append(in.weights, row)
		in.weightsPane.Add(row.content)
	}
	in.weightsPane.Add(container.NewHBox(in.more))
	in.weightsPane.Add(in.unweighed)
	in.show()
}

// choose shows the reasons of the selected result, or the weights.
func (in *inspector) choose(why bool) {
	in.whyPane.Hidden, in.weightsPane.Hidden = !why, why
	in.show()
	in.content.Refresh()
	in.s.onStatus()
}

// toggleWhy goes from weights to reasons and back.
func (in *inspector) toggleWhy() { in.choose(in.whyPane.Hidden) }

// compareWith holds on to the selected result, to set another against it, or
// lets go of it.
func (in *inspector) compareWith() {
	in.choose(true)
	in.why.setAgainst()
}

// show draws everything from the state of the search.
func (in *inspector) show() {
	in.showPage()
	in.showMean()
	in.weightsTab.SetSelected(!in.weightsPane.Hidden)
	in.whyTab.SetSelected(!in.whyPane.Hidden)
	in.showWeights()
	in.showLearning()
	in.showOutcome()
	in.showWhy()
}

// showWhy shows the reasons of the selected result.
func (in *inspector) showWhy() {
	if i := in.s.row(in.s.selected); i >= 0 {
		in.whyTab.SetLabel(locale.T("Why is it #%d", i+1))
		in.whyTab.SetEnabled(true)
	} else {
		in.whyTab.SetLabel(locale.T("Why"))
		in.whyTab.SetEnabled(!in.whyPane.Hidden)
	}
	in.tabs.Refresh()
	if !in.whyPane.Hidden {
		in.why.show()
		in.content.Refresh() // the reasons of another result take another height
	}
}

// shrinking stacks a head, a scroll and a foot. The scroll is as high as its
// body until space is short, so that the foot never leaves the window.
type shrinking struct{ body fyne.CanvasObject }

// Layout implements fyne.Layout.
func (l shrinking) Layout(o []fyne.CanvasObject, size fyne.Size) {
	head, foot := o[0].MinSize().Height, o[2].MinSize().Height
	middle := max(min(l.body.MinSize().Height, size.Height-head-foot), 0)
	y := float32(0)
	for i, height := range []float32{head, middle, foot} {
		o[i].Move(fyne.NewPos(0, y))
		o[i].Resize(fyne.NewSize(size.Width, height))
		y += height
	}
}

// MinSize implements fyne.Layout.
func (l shrinking) MinSize(o []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	for _, part := range o {
		m := part.MinSize()
		size = fyne.NewSize(max(size.Width, m.Width), size.Height+m.Height)
	}
	return size
}
