package compare

import "touchstone/engine"

// Pages are the first pages of both sides for one query.
type Pages struct {
	Query Query
	A, B  []Line
}

// Line is one product on one side's page.
type Line struct {
	Rank    int            // 1 is first
	Product engine.Product // only its ID, unless someone who has the catalogue filled it in
	Grade   *engine.Grade  // nil when nobody has judged it
	Other   int            // its rank on the other side's page, 0 when it is not there
}

// Pages are both pages of a query, with the products that are on both joined.
func (c *Comparison) Pages(q Query) Pages {
	a, b := c.page(c.in.A, q.Query), c.page(c.in.B, q.Query)
	return Pages{Query: q, A: c.lines(q.Query, a, b), B: c.lines(q.Query, b, a)}
}

func (c *Comparison) lines(query string, page, other []string) []Line {
	elsewhere := make(map[string]int, len(other))
	for i, id := range other {
		elsewhere[id] = i + 1
	}
	lines := make([]Line, len(page))
	for i, id := range page {
		lines[i] = Line{Rank: i + 1, Product: engine.Product{ID: id}, Other: elsewhere[id]}
		if g, ok := c.in.Qrels[query][id]; ok {
			lines[i].Grade = &g
		}
	}
	return lines
}

// Lost are the queries that lost most, worst first, n at most.
func (c *Comparison) Lost(n int) []Query {
	var lost []Query
	for i := len(c.Queries) - 1; i >= 0 && len(lost) < n && c.Queries[i].Delta < 0; i-- {
		lost = append(lost, c.Queries[i])
	}
	return lost
}
