package ui

import (
	"cmp"
	"context"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"touchstone/engine/workbench"
	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

// ideal is the view that shows the best order of a query's judged products beside
// the present page, and at the side the queries that are farthest from it.
type ideal struct {
	c             *compare
	content       fyne.CanvasObject
	side          *fyne.Container
	says, detail  *widgets.Paragraph
	pages         *fyne.Container
	list          *fyne.Container
	reads, counts latest

	queries []workbench.QueryScore // those that can be measured, farthest first
	query   string
}

// farthestShown is how many queries are listed at the side.
const farthestShown = 20

func newIdeal(c *compare) *ideal {
	d := &ideal{c: c, pages: container.NewStack(), list: container.New(layout.NewCustomPaddedVBoxLayout(0))}
	d.says = widgets.NewParagraph("", 600, widgets.Style{Size: theme.SizeTitle, Bold: true})
	d.detail = widgets.NewParagraph("", 600, widgets.Style{Colour: theme.ColorMuted})
	card := container.New(wrapping{}, d.says, d.detail)
	d.content = container.NewVScroll(container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap4), card, d.pages))
	d.side = container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap2), sideHeading(locale.T("Farthest from ideal")), d.list)
	return d
}

// enter lists the queries anew and shows the one that was shown, or the farthest.
func (d *ideal) enter() {
	b := d.c.sh.bench
	d.c.sh.tasks.newest(&d.counts, 0, func(ctx context.Context) func() {
		e, err := b.Evaluate(ctx, workbench.EvalRequest{}, nil)
		return func() {
			if err != nil {
				d.c.sh.notices.tell(failure(locale.T("The queries were not measured"), err))
				return
			}
			d.queries = slices.Clone(e.PerQuery)
			slices.SortStableFunc(d.queries, func(x, y workbench.QueryScore) int { return cmp.Compare(x.Value, y.Value) })
			d.showList()
			if d.query == "" && len(d.queries) > 0 {
				d.open(d.queries[0].Query)
			} else {
				d.open(d.query)
			}
		}
	})
}

func (d *ideal) showList() {
	d.list.RemoveAll()
	for _, q := range d.queries[:min(len(d.queries), farthestShown)] {
		d.list.Add(container.NewBorder(nil, nil, nil, widgets.NewText(number(q.Value, 2), widgets.Style{Colour: theme.ColorMuted}),
			container.NewHBox(widgets.NewButton(shortened(q.Query, 34), widgets.Quiet, func() { d.open(q.Query) }))))
	}
	d.c.side.Refresh()
}

// open shows a query's pages.
func (d *ideal) open(query string) {
	d.query = query
	if query == "" {
		d.say(locale.T("Which order would be best?"), locale.T("Grade some results first: the ideal page is made of the products that are judged."))
		return
	}
	b := d.c.sh.bench
	d.c.sh.tasks.newest(&d.reads, 0, func(ctx context.Context) func() {
		page, err := b.Ideal(ctx, query, workbench.Side{})
		return func() {
			if err != nil {
				d.say(locale.T("“%s”", query), locale.Say(err.Error()))
				return
			}
			d.show(page)
		}
	})
}

// say shows text and no pages.
func (d *ideal) say(title, detail string) {
	d.pages.RemoveAll()
	d.says.SetText(title)
	d.detail.SetText(detail)
	d.c.content.Refresh()
}

func (d *ideal) show(page *workbench.IdealPage) {
	figures := ""
	for i, f := range page.By {
		if i > 0 {
			figures += " · "
		}
		figures += locale.T("%s %s → %s", f.Metric, number(f.Present, 3), number(f.Ideal, 3))
	}
	d.say(locale.T("“%s”", page.Query), figures)
	d.pages.Add(newPagePair(pageSide{locale.T("Present page"), page.Value, page.Present}, pageSide{locale.T("Best order of what is judged"), page.Best, page.Ideal}))
	d.c.content.Refresh()
}

// step goes to another query, farther from ideal or nearer.
func (d *ideal) step(by int) {
	i := slices.IndexFunc(d.queries, func(q workbench.QueryScore) bool { return q.Query == d.query })
	if i += by; i >= 0 && i < len(d.queries) {
		d.open(d.queries[i].Query)
	}
}

// showIdeal goes from another place to the ideal page of a query.
func (sh *shell) showIdeal(query string) {
	if sh.compare == nil || query == "" {
		return
	}
	sh.compare.ideal.query = query
	sh.compare.shown = viewIdeal
	sh.goTo(placeCompare)
}
