package ui

import (
	"time"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"

	"touchstone/engine/workbench"
	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

func (j *judge) showHead(item *judged) {
	if item == nil {
		j.title.SetText(locale.T("Judge"))
		j.need.SetText(locale.T("How well does a product answer what was asked?"))
		j.where.SetText("")
		return
	}
	j.title.SetText(item.Query.Text)
	need := item.Query.Need
	if need == "" {
		need = locale.T("Nobody has written down what is meant by this query.")
	}
	j.need.SetText(need)
	where := locale.T("%d of %d", j.at+1, len(j.items))
	switch judgeQueues[j.queue].queue {
	case workbench.PoolQueue:
		where += locale.T(" · blind, order shuffled")
	case workbench.AssignedPairs, workbench.SecondLook:
		where += " · " + locale.T("blind, order shuffled")
	case workbench.NextBest:
		where += locale.T(" · blind")
	}
	switch item.state {
	case graded:
		where += locale.T(" · graded")
	case skipped:
		where += locale.T(" · skipped")
	case unsure:
		where += locale.T(" · can’t tell")
	}
	if j.day.PerHour > 0 {
		where += locale.T(" · %.0f s a grade", time.Hour.Seconds()/j.day.PerHour)
	}
	if j.list.on {
		where += " · " + j.list.marks()
	}
	if j.settling {
		where += " · " + locale.T("the next grade settles it")
	}
	if item.Note != "" || j.note != "" {
		where += locale.T(" · noted")
	}
	j.where.SetText(where)
}

// needLayout breaks the information need for the space there is and keeps room
// for two lines of it, so that nothing moves from query to query.
type needLayout struct{}

// Layout implements fyne.Layout.
func (needLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	o[0].(*widgets.Paragraph).SetWidth(size.Width)
	o[0].Resize(size)
}

// MinSize implements fyne.Layout.
func (needLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	line := fyne.MeasureText("M", fynetheme.Size(fynetheme.SizeNameText), fyne.TextStyle{}).Height
	return fyne.NewSize(0, 2*(line+theme.Gap/2))
}
