package ui

import (
	"context"

	fynetheme "fyne.io/fyne/v2/theme"

	"touchstone/engine/workbench"
	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

// compare asks for the comparison of what is chosen.
func (c *compare) compare() {
	names := [2]string{c.chosenName(c.a), c.chosenName(c.b)}
	if names[0] == "" || names[1] == "" {
		return
	}
	b := c.sh.bench
	req := workbench.CompareRequest{Metric: workbench.Metrics()[c.metric.SelectedIndex()] + ":" + workbench.Conventions()[c.convention.SelectedIndex()], Weighted: c.weighted.Checked, Seed: 1}
	c.sentence.SetText(locale.T("Comparing…"))
	c.adoptB.SetEnabled(false) // it is about the choice before
	c.reportAs.SetEnabled(false)
	progress := c.sh.reporting(c.detail.SetText)
	c.sh.tasks.newest(&c.kept, 0, func(ctx context.Context) func() {
		var sides [2]workbench.Side
		var err error
		for i := range sides {
			if err == nil {
				sides[i], err = b.Side(names[i])
			}
		}
		var result *workbench.Comparison
		if err == nil {
			req.A, req.B = sides[0], sides[1]
			result, err = b.Compare(ctx, req, progress.report)
		}
		return func() {
			progress.end()
			c.sides, c.result = sides, result
			if err != nil {
				c.sh.notices.tell(failure(locale.T("They were not compared"), err))
			}
			c.show()
		}
	})
}

// show draws the result, or says that there is none.
func (c *compare) show() {
	r := c.result
	c.adoptB.SetEnabled(r != nil)
	c.reportAs.SetEnabled(r != nil)
	c.warnings.RemoveAll()
	c.sideLost.RemoveAll()
	c.sideBy.RemoveAll()
	c.pages.RemoveAll()
	if r == nil {
		c.sentence.SetText(locale.T("Is B better than A?"))
		c.detail.SetText(locale.T("Choose two rankings above. They are compared on every query that has grades."))
		c.plot.Set(nil)
		c.scatter.Set(nil)
		c.histogram.Set(nil)
		c.caption.SetText("")
		c.settleText.SetText("")
		c.settleButton.Hide()
		c.content.Refresh()
		c.side.Refresh()
		return
	}
	c.sentence.SetText(sentenceOf(r))
	c.detail.SetText(detailOf(r))
	for _, w := range r.Warnings {
		c.warnings.Add(widgets.NewParagraph(locale.Say(w), 560, widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorFall}))
	}
	values, points := make([]float64, len(r.Queries)), make([][2]float64, len(r.Queries))
	for i, q := range r.Queries {
		values[i], points[i] = q.Delta, [2]float64{q.A.Value, q.B.Value}
	}
	c.plot.Set(values)
	c.scatter.Set(points)
	c.histogram.Set(values)
	c.hover(-1)
	c.showSide()
	if n := len(r.Queries); n > 0 {
		worst := n - 1
		if r.Queries[worst].Delta == 0 {
			worst = 0
		}
		c.open(worst)
	}
	c.content.Refresh()
	c.side.Refresh()
}

// sentenceOf is the answer in one line.
func sentenceOf(r *workbench.Comparison) string {
	delta := workbench.Signed(r.Delta)
	switch r.Verdict {
	case workbench.Better:
		return locale.T("B is better: %s %s", r.Metric.Label(), delta)
	case workbench.Worse:
		return locale.T("B is worse: %s %s", r.Metric.Label(), delta)
	}
	return locale.T("No difference shown: %s %s", r.Metric.Label(), delta)
}

// detailOf is what the answer rests on.
func detailOf(r *workbench.Comparison) string {
	return locale.T("95 %% interval %s to %s · p %s, paired randomisation, %d queries · %d won, %d lost, %d equal · judged coverage %d %% and %d %% · pages overlap: Jaccard %s, RBO %s",
		workbench.Signed(r.Low), workbench.Signed(r.High), workbench.Chance(r.P), len(r.Queries), r.Wins, r.Losses, r.Ties,
		int(100*r.A.Coverage+0.5), int(100*r.B.Coverage+0.5), number(r.Jaccard, 2), number(r.RBO, 2))
}

// hover names the bar under the pointer.
func (c *compare) hover(i int) {
	if c.result == nil || i < 0 || i >= len(c.result.Queries) {
		c.caption.SetText(locale.T("Difference per query, best to worst. Click a bar to see both pages."))
		return
	}
	q := c.result.Queries[i]
	c.caption.SetText(locale.T("“%s”: %s → %s", q.Query, number(q.A.Value, 3), number(q.B.Value, 3)))
}

// hoverBin says how many queries the bin under the pointer counts.
func (c *compare) hoverBin(bin int) {
	if bin < 0 || bin >= len(c.histogram.Bins()) {
		c.hover(-1)
		return
	}
	b := c.histogram.Bins()[bin]
	switch {
	case b.High == 0 && b.Low == 0:
		c.caption.SetText(locale.N(b.Count, "%d query is equal", "%d queries are equal"))
	case b.Low < 0:
		c.caption.SetText(locale.N(b.Count, "%d query lost %s to %s", "%d queries lost %s to %s", number(-b.High, 3), number(-b.Low, 3)))
	default:
		c.caption.SetText(locale.N(b.Count, "%d query won %s to %s", "%d queries won %s to %s", number(b.Low, 3), number(b.High, 3)))
	}
}
