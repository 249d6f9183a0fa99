package ui

import (
	"context"
	"slices"

	"touchstone/engine/workbench"
	"touchstone/ui/locale"
)

// choose opens a query by name.
func (c *compare) choose(query string) {
	i := slices.IndexFunc(c.result.Queries, func(q workbench.ComparedQuery) bool { return q.Query == query })
	if i >= 0 {
		c.open(i)
	}
}

// open shows both pages of a query, which is marked in the plots.
func (c *compare) open(i int) {
	if c.result == nil || i < 0 || i >= len(c.result.Queries) {
		return
	}
	c.plot.Choose(i)
	c.scatter.Choose(i)
	r, q, b := c.result, c.result.Queries[i], c.sh.bench
	c.sh.tasks.newest(&c.look, 0, func(context.Context) func() {
		pages, err := b.ComparedPages(r, q)
		return func() {
			if err != nil {
				c.sh.notices.tell(failure(locale.T("The pages were not read"), err))
				return
			}
			if c.result != r {
				return
			}
			c.pages.RemoveAll()
			c.pages.Add(newPagePair(pageSide{locale.T("A · “%s”", q.Query), q.A.Value, pages.A}, pageSide{locale.T("B · “%s”", q.Query), q.B.Value, pages.B}))
			c.content.Refresh()
		}
	})
}
