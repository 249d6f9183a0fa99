package ui

import (
	"context"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"

	"touchstone/engine"
	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

func (m *models) explain(r *engine.Ranker) {
	name, b, ranker := rankerName(r, ""), m.sh.bench, *r
	if m.why == name {
		m.why, m.changes = "", nil
		m.show()
		return
	}
	m.sh.tasks.newest(&m.whys, 0, func(ctx context.Context) func() {
		changes, err := b.Why(ctx, ranker, pushesShown)
		return func() {
			if err != nil {
				m.sh.notices.tell(failure(locale.T("The reasons could not be found out"), err))
				return
			}
			m.why, m.changes = name, changes
			m.show()
		}
	})
}

// addWhy lists what moved each weight; a click on a product goes to its judgment.
func (m *models) addWhy(column *fyne.Container) {
	labels := map[string]string{}
	for _, f := range m.sh.bench.Features() {
		labels[f.Name] = locale.Say(f.Label)
	}
	told := 0
	for _, c := range m.changes {
		if !c.Shown() {
			continue
		}
		told++
		column.Add(container.New(layout.NewCustomPaddedLayout(theme.Gap2, 0, 0, 0),
			widgets.NewText(locale.T("%s: %s → %s", labels[c.Feature], number(c.Before, 3), number(c.After, 3)), widgets.Style{Bold: true})))
		for _, p := range c.Pushes {
			column.Add(small(locale.T("“%s”, %s %% of what moved it", p.Query, number(100*p.Share, 1)), modelsWidth))
			column.Add(m.judgment(p.Query, p.Better, p.Titles[0], p.Grades[0]))
			column.Add(m.judgment(p.Query, p.Worse, p.Titles[1], p.Grades[1]))
		}
	}
	if told == 0 {
		column.Add(small(locale.T("No weight moved so far that it shows at three decimals."), modelsWidth))
	}
}

// judgment is a product under a query, with its grade; pressed it is opened there.
func (m *models) judgment(query, product, title string, grade float64) fyne.CanvasObject {
	said := locale.T("not judged")
	if !math.IsNaN(grade) {
		said = locale.T("grade %s", number(grade, 0))
	}
	open := widgets.NewButton(cutTo(title, titleShown), widgets.Quiet, func() {
		m.sh.goTo(placeSearch)
		m.sh.search.openAt(query, product)
	})
	return container.New(widgets.Columns{gradeWidth, 0}, widgets.NewText(said, widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted}), container.NewHBox(open))
}
