package ui

import (
	"context"
	"slices"
	"strings"
	"time"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/ui/locale"
)

// split sets two rankings of the query side by side, in place of the results: a
// column each, with a ranker, rules and an encoder of its own. Rows of one rank
// stand level, so that what moved can be seen. The column that the keys go to is
// the one that the reasons at the right are of.
type split struct {
	s       *search
	columns [2]*splitColumn
	faced   int    // the column that the keys go to
	pointed string // the product under the pointer
	looks   latest // at what there is to choose from

	choices []workbench.SideChoice
	now     string // the name of the ranker in use

	*splitView
}

// splitColumn is one ranking.
type splitColumn struct {
	of   *split
	name string // of the side, as the engine reads it; "" ranks as on the sliders
	side workbench.Side

	page   *workbench.Page // of its own; nil where it is the search's
	places map[string]int  // product → its row on the page, from 0
	asked  latest
	busy   bool // another encoder reads the catalogue: its search is not begun again
	behind bool // and the query has changed since
	says   string
}

func newSplit(s *search) *split {
	sp := &split{s: s, faced: 1}
	for i := range sp.columns {
		sp.columns[i] = &splitColumn{of: sp, name: s.panes().sides[i]}
	}
	sp.splitView = newSplitView(sp)
	return sp
}

// on says whether both stand there.
func (sp *split) on() bool { return sp.s.panes().split }

// toggle opens the split and closes it again.
func (sp *split) toggle() {
	sp.s.divide(func(p *panes) { p.split = !p.split })
	sp.s.similars.stop()
	sp.s.aside = nil // it would lie over what was asked for
	if sp.on() {
		sp.enter()
	} else {
		sp.stop()
	}
	sp.s.refine.show()
	sp.s.show()
	if sp.s.page != nil {
		sp.s.toResults()
	}
}

// enter reads what there is to choose from, and ranks.
func (sp *split) enter() {
	b := sp.s.bench
	sp.s.tasks.newest(&sp.looks, 0, func(context.Context) func() {
		choices, before, now, err := b.Sides()
		return func() {
			if err != nil {
				sp.s.tell(failure(locale.T("The rankers were not read"), err))
				return
			}
			sp.choices, sp.now = choices, now
			sp.settle(before)
			sp.ask(0)
			sp.s.show()
		}
	})
}

// settle leaves what was chosen where it is still there, or else takes what was
// in use before against what is on the sliders.
func (sp *split) settle(before string) {
	known := true
	for _, c := range sp.columns {
		for part := range c.parts() {
			known = known && sp.choice(part) != nil
		}
	}
	if known && sp.columns[0].name != sp.columns[1].name {
		return
	}
	a := before
	if sp.s.changed() {
		a = sp.now
	}
	sp.set([2]string{a, ""})
}

// set gives the columns their sides by name, without searching yet.
func (sp *split) set(names [2]string) {
	for i, c := range sp.columns {
		if c.name != names[i] {
			c.stop()
			c.name, c.page, c.places = names[i], nil, nil
		}
	}
	sp.s.divide(func(p *panes) { p.sides = names })
}

// choose gives one column another side.
func (sp *split) choose(c *splitColumn, name string) {
	names := [2]string{sp.columns[0].name, sp.columns[1].name}
	names[slices.Index(sp.columns[:], c)] = name
	sp.set(names)
	sp.ask(0)
	sp.s.show()
}

// swap lets A and B change places.
func (sp *split) swap() {
	sp.stop()
	sp.set([2]string{sp.columns[1].name, sp.columns[0].name})
	sp.ask(0)
	sp.s.show()
}

// choice is what is offered by a name; nil for none.
func (sp *split) choice(name string) *workbench.SideChoice {
	for i := range sp.choices {
		if sp.choices[i].Name == name {
			return &sp.choices[i]
		}
	}
	return nil
}

// stop gives up what is under way.
func (sp *split) stop() {
	sp.looks.stop()
	for _, c := range sp.columns {
		c.stop()
	}
}

// forget drops both pages: the catalogue has changed under them.
func (sp *split) forget() {
	sp.stop()
	for _, c := range sp.columns {
		c.page, c.places = nil, nil
	}
}

// ask ranks the query of the search for the columns that have a page of their
// own.
func (sp *split) ask(pause time.Duration) {
	if !sp.on() || sp.choices == nil {
		return
	}
	for _, c := range sp.columns {
		if c.name != "" {
			c.ask(pause)
		}
	}
}

func (c *splitColumn) stop() {
	c.asked.stop()
	c.busy, c.behind, c.says = false, false, ""
}

// ask searches as the column's side would. The newest query wins; only an encoder
// that reads the catalogue is not interrupted by it, and asked again afterwards.
func (c *splitColumn) ask(pause time.Duration) {
	s, name := c.of.s, c.name
	if c.busy {
		c.behind = true
		return
	}
	if s.query == "" {
		c.stop()
		c.page = nil
		return
	}
	req, orders := s.request(), s.orders
	req.Facets = false
	c.busy = c.page == nil && strings.Contains(name, string(workbench.EncoderSide)+":")
	c.says = locale.T("Searching…")
	progress := newReported(s.tasks.post, func(text string) { c.says = text; c.of.showHeads() })
	s.tasks.newest(&c.asked, pause, func(ctx context.Context) func() {
		side, err := s.bench.Side(name)
		var page *workbench.Page
		if err == nil {
			page, err = s.bench.SearchSide(ctx, req, side, progress.report)
		}
		return func() {
			progress.end()
			again := c.behind
			c.busy, c.behind, c.says = false, false, ""
			if err != nil {
				c.says = locale.T("No page")
				s.tell(failure(locale.T("One of the two did not rank"), err))
			} else {
				c.side, c.page = side, page
				if s.orders != orders { // the sliders moved while this search ran
					c.reorder()
				}
			}
			if again {
				c.ask(0)
			}
			c.of.arrived()
		}
	})
}

// arrived shows a page of a column. Where the selected product is not on the page
// that the keys go to, its first is selected.
func (sp *split) arrived() {
	if page := sp.page(); page != nil && sp.s.row(sp.s.selected) < 0 && len(page.Results) > 0 {
		sp.s.selected = page.Results[0].Product.ID
	}
	sp.s.showMiddle()
	sp.s.inspector.showWhy()
}

// shown is the page of the column; nil while there is none.
func (c *splitColumn) shown() *workbench.Page {
	if c.name == "" {
		return c.of.s.page
	}
	return c.page
}

// page is the page that the keys go to; nil while there is none.
func (sp *split) page() *workbench.Page { return sp.columns[sp.faced].shown() }

// ranker is what orders the column: of its side, or what is on the sliders.
func (c *splitColumn) ranker() engine.Ranker {
	if c.name != "" && c.side.Ranker != nil {
		return *c.side.Ranker
	}
	return c.of.s.weights()
}

// reorder puts a page of another encoder or other rules into the order of the
// sliders, where its ranker is theirs.
func (c *splitColumn) reorder() {
	if c.page == nil || c.side.Ranker != nil || c.side.Engine != "" {
		return
	}
	page, err := c.of.s.bench.Rerank(c.page, c.of.s.weights())
	if err != nil {
		c.of.s.tell(failure(locale.T("The order stays as it is"), err))
		return
	}
	c.page = page
}

func (sp *split) reorder() {
	for _, c := range sp.columns {
		c.reorder()
	}
}

// grade shows a grade on the columns' own pages.
func (sp *split) grade(query, product string, g *engine.Grade) {
	for _, c := range sp.columns {
		if c.page == nil || c.page.Query != query {
			continue
		}
		for i := range c.page.Results {
			if r := &c.page.Results[i]; r.Product.ID == product {
				r.Grade = g
			}
		}
	}
}

// face lets the keys go to a column. The selected product stays selected where it
// is on that page too; or else the one that stands level with it is.
func (sp *split) face(column int) {
	if column == sp.faced {
		return
	}
	row := max(sp.s.row(sp.s.selected), 0)
	sp.faced = column
	if page := sp.page(); page != nil && sp.s.row(sp.s.selected) < 0 && len(page.Results) > 0 {
		sp.s.selected = page.Results[min(row, len(page.Results)-1)].Product.ID
	}
	sp.s.pick(sp.s.selected)
	if i := sp.s.row(sp.s.selected); i >= 0 {
		sp.s.scrollTo(i)
	}
}

// point marks a product in both columns while the pointer is on it.
func (sp *split) point(product string) {
	if product != sp.pointed {
		sp.pointed = product
		sp.list.Refresh()
	}
}
