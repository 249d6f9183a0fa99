package ui

import (
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/engine"
	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

// whyCells lays out swatch, feature, value, weight and what the two add. Figures
// take what they need in the present size of text, names of features the rest.
type whyCells struct{}

// fit is the widths within a pane, for which the name's lines are broken.
func (whyCells) fit(o []fyne.CanvasObject, width float32) widgets.Columns {
	scale := max(fynetheme.Size(fynetheme.SizeNameText)/13, 1)
	widths := widgets.Columns{swatchSize, 0, 40 * scale, 54 * scale, 48 * scale}
	widths[1] = max(width, inspectorInner) - widths[0] - widths[2] - widths[3] - widths[4] - 4*theme.Gap2
	if name, ok := o[1].(*widgets.Paragraph); ok {
		name.SetWidth(widths[1])
	}
	return widths
}

// Layout implements fyne.Layout.
func (c whyCells) Layout(o []fyne.CanvasObject, size fyne.Size) {
	c.fit(o, size.Width).Layout(o, size)
}

// MinSize implements fyne.Layout.
func (c whyCells) MinSize(o []fyne.CanvasObject) fyne.Size {
	height := float32(0)
	for _, cell := range o {
		height = max(height, cell.MinSize().Height)
	}
	return fyne.NewSize(inspectorInner, height)
}

// shownContribution is the least that is told: less shows as 0.000.
const shownContribution = 0.0005

// why says how the score of the selected result came about, by each feature that
// adds to it or takes from it, and what sets it apart from the result above it,
// or, feature by feature, from another one that was chosen.
type why struct {
	s       *search
	content *fyne.Container
	title   *widgets.Paragraph
	against *widgets.Button
	other   string           // the product that the selected one is set against; "" for none
	heads   [3]*widgets.Text // of the three columns of figures
	lines   []*whyLine
	sum     *widgets.Text
	method  *widgets.Paragraph // how the parts are found
	above   *widgets.Paragraph
}

// whyLine is one feature.
type whyLine struct {
	content              *fyne.Container
	value, weight, added *widgets.Text
}

func newWhy(s *search) *why {
	w := &why{
		s:       s,
		content: container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap)),
		title:   widgets.NewParagraph("", inspectorInner, widgets.Style{Bold: true}),
		sum:     widgets.NewText("", widgets.Style{Bold: true, Align: fyne.TextAlignTrailing}),
		method:  widgets.NewParagraph("", inspectorInner, widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted}),
		above:   widgets.NewParagraph("", inspectorInner, widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted}),
	}
	w.against = widgets.NewButton("", widgets.Quiet, w.setAgainst)
	return w
}

func caption(text string, align fyne.TextAlign) *widgets.Text {
	return widgets.NewText(text, widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted, Align: align, Cut: true})
}

// build makes a line for each feature.
func (w *why) build(features []engine.Feature) {
	right := fyne.TextAlignTrailing
	w.content.RemoveAll()
	w.lines = nil
	w.content.Add(w.title)
	w.content.Add(container.NewHBox(w.against))
	for i := range w.heads {
		w.heads[i] = caption("", right)
	}
	w.content.Add(container.New(whyCells{}, widgets.NewText("", widgets.Style{}), caption("", fyne.TextAlignLeading),
		w.heads[0], w.heads[1], w.heads[2]))
	for i, f := range features {
		l := &whyLine{
			value:  widgets.NewText("", widgets.Style{Colour: theme.ColorMuted, Align: right}),
			weight: widgets.NewText("", widgets.Style{Colour: theme.ColorMuted, Align: right}),
			added:  widgets.NewText("", widgets.Style{Align: right}),
		}
		l.content = container.New(whyCells{}, swatch(i), widgets.NewParagraph(locale.Say(f.Label), labelWidth, widgets.Style{}), l.value, l.weight, l.added)
		w.lines = append(w.lines, l)
		w.content.Add(l.content)
	}
	w.content.Add(widget.NewSeparator())
	w.content.Add(container.New(widgets.Columns{0, 80}, widgets.NewText(locale.T("Score"), widgets.Style{Bold: true}), w.sum))
	w.content.Add(w.method)
	w.content.Add(w.above)
}

// attributions say by kind of ranker how the parts of a score are found.
var attributions = map[engine.Kind]string{
	engine.Linear: locale.Mark("Exact: the score is the sum of value × weight."),
	engine.Trees:  locale.Mark("Exact Shapley values of its trees and the parts of its weighted sum; they add up to the score."),
	engine.DNN:    locale.Mark("The weighted sum's parts are exact; the network's share is given to features by DeepLIFT's rescale rule. They add up to the score."),
}

func (w *why) show() {
	features := w.s.bench.Features()
	if len(w.lines) != len(features) {
		w.build(features)
	}
	result := w.s.result()
	for _, o := range w.content.Objects[1:] {
		o.Hide()
	}
	if result == nil {
		w.title.SetText(locale.T("Select a result to see why it stands where it stands."))
		w.content.Refresh()
		return
	}
	for _, o := range w.content.Objects[1:] {
		o.Show()
	}
	w.title.SetText(result.Product.Title)
	ranker := w.s.ranking()
	w.method.SetText(locale.T(attributions[ranker.Kind]))
	if i := w.s.row(w.other); w.other != "" && i >= 0 {
		w.showAgainst(features, result, &w.s.facing().Results[i])
		return
	}
	w.other = ""
	w.against.SetLabel(locale.T("Compare with another result"))
	// Beside what trees or a network make of it stands what the sum alone adds.
	sum := ranker.Kind == engine.Linear || ranker.Kind == ""
	second := locale.T("weight")
	if !sum {
		second = locale.T("sum")
	}
	w.head(locale.T("value"), second, locale.T("adds"))
	of := map[string]engine.Contribution{}
	for _, c := range result.Contributions {
		of[c.Feature] = c
	}
	for i, f := range features {
		c, ok := of[f.Name]
		l := w.lines[i]
		l.content.Hidden = !ok || math.Abs(c.Contribution) < shownContribution
		l.value.SetText(number(c.Value, 2))
		if sum {
			l.weight.SetText("× " + number(c.Weight, 2))
		} else {
			l.weight.SetText(number(c.Value*c.Weight, 3))
		}
		l.added.SetText(number(c.Contribution, 3))
	}
	w.sum.SetText(number(result.Score, 3))
	w.above.SetText(w.overtaken(features))
	w.content.Refresh()
}

func (w *why) head(texts ...string) {
	for i, text := range texts {
		w.heads[i].SetText(text)
	}
}

// setAgainst holds on to the selected result, to set the next one that is
// selected against it, or lets go of it.
func (w *why) setAgainst() {
	if w.other == "" {
		w.other = w.s.selected
	} else {
		w.other = ""
	}
	w.s.inspector.showWhy()
}

// showAgainst sets the selected result against another one, feature by feature.
func (w *why) showAgainst(features []engine.Feature, result, other *engine.Result) {
	w.against.SetLabel(locale.T("No longer compare with #%d", other.Rank))
	if other.Product.ID == result.Product.ID {
		for _, l := range w.lines {
			l.content.Hide()
		}
		w.head("", "", "")
		w.sum.SetText(number(result.Score, 3))
		w.above.SetText(locale.T("Select the result to compare it with."))
		w.content.Refresh()
		return
	}
	w.head(locale.T("this"), locale.T("#%d", other.Rank), locale.T("ahead"))
	adds := func(r *engine.Result) map[string]float64 {
		of := map[string]float64{}
		for _, c := range r.Contributions {
			of[c.Feature] = c.Contribution
		}
		return of
	}
	here, there := adds(result), adds(other)
	for i, f := range features {
		a, b := here[f.Name], there[f.Name]
		l := w.lines[i]
		l.content.Hidden = math.Abs(a) < shownContribution && math.Abs(b) < shownContribution
		l.value.SetText(number(a, 2))
		l.weight.SetText(number(b, 2))
		l.added.SetText(signed(a-b, 3))
	}
	w.sum.SetText(signed(result.Score-other.Score, 3))
	upper, lower := other, result
	if result.Rank < other.Rank {
		upper, lower = result, other
	}
	w.above.SetText(w.apart(upper, lower, features))
	w.content.Refresh()
}

// overtaken says which features put the result above this one there.
func (w *why) overtaken(features []engine.Feature) string {
	i := w.s.row(w.s.selected)
	if i <= 0 {
		return ""
	}
	return w.apart(&w.s.facing().Results[i-1], &w.s.facing().Results[i], features)
}

// apart says which features put one result above another, and what would swap
// them.
func (w *why) apart(upper, lower *engine.Result, features []engine.Feature) string {
	labels := map[string]string{}
	for _, f := range features {
		labels[f.Name] = locale.Say(f.Label)
	}
	ahead, behind := extremes(upper.Contributions, lower.Contributions)
	text := locale.T("#%d, “%s”, is %s ahead", upper.Rank, upper.Product.Title, number(upper.Score-lower.Score, 3))
	if ahead.Contribution > 0 {
		text += locale.T(", most of all by “%s” (%s)", labels[ahead.Feature], signed(ahead.Contribution, 3))
	}
	if behind.Contribution < 0 {
		text += locale.T(", and behind by “%s” (%s)", labels[behind.Feature], signed(behind.Contribution, 3))
	}
	text += locale.T(".")
	if ranker := w.s.ranking(); ranker.Kind != engine.Linear {
		return text // no one weight swaps what trees or a network say
	}
	if f, from, to, ok := swap(upper, lower, features); ok {
		text += locale.T(" They would swap if “%s” weighed %s in place of %s.", labels[f], number(to, 3), number(from, 3))
	}
	return text
}

// swap is the smallest change of one weight that puts lower above upper, where
// scores are weighted sums; false where none does that keeps the feature's sign.
func swap(upper, lower *engine.Result, features []engine.Feature) (feature string, from, to float64, ok bool) {
	lead := upper.Score - lower.Score
	below := map[string]engine.Contribution{}
	for _, c := range lower.Contributions {
		below[c.Feature] = c
	}
	best := math.Inf(1)
	for _, f := range features {
		for _, c := range upper.Contributions {
			if c.Feature != f.Name || c.Weight == 0 {
				continue
			}
			perWeight := (c.Contribution - below[c.Feature].Contribution) / c.Weight
			if math.Abs(perWeight) < 1e-9 {
				continue
			}
			next := c.Weight - lead/perWeight
			if change := math.Abs(next - c.Weight); change < best && next*float64(f.Sign) >= 0 {
				best, feature, from, to, ok = change, f.Name, c.Weight, next, true
			}
		}
	}
	return feature, from, to, ok
}

// extremes are the features in which a is farthest ahead of b and farthest
// behind it.
func extremes(a, b []engine.Contribution) (ahead, behind engine.Contribution) {
	difference := map[string]float64{}
	var order []string
	for _, c := range a {
		difference[c.Feature] += c.Contribution
		order = append(order, c.Feature)
	}
	for _, c := range b {
		if _, ok := difference[c.Feature]; !ok {
			order = append(order, c.Feature)
		}
		difference[c.Feature] -= c.Contribution
	}
	for _, f := range order {
		d := difference[f]
		if math.Abs(d) < shownContribution {
			continue
		}
		if d > ahead.Contribution {
			ahead = engine.Contribution{Feature: f, Contribution: d}
		}
		if d < behind.Contribution {
			behind = engine.Contribution{Feature: f, Contribution: d}
		}
	}
	return ahead, behind
}
