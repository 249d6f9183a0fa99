package exchange

import (
	"strconv"

	"touchstone/engine"
)

// The columns that tell of result pages, folded by foldName.
var (
	eventQueryIDNames  = []string{"query id"}
	eventQueryNames    = []string{"user query", "query"}
	eventPositionNames = []string{"event attributes position ordinal", "position", "rank"}
	eventHitsNames     = []string{"query response hit ids"}
)

// pageEnd is how many of a query's hits count as shown where the file tells of
// no impressions.
const pageEnd = 10

// pageViews collects what was shown and clicked for each asked query, by
// UBI's query_id.
type pageViews struct {
	at    map[string]int
	pages []pageView
	first int // the lowest position in the file: some count from 0
}

type pageView struct {
	id      string
	query   string
	shown   map[string]int // product → position
	order   []string       // of shown and clicked products
	hits    []string
	clicked map[string]int // product → position, −1 where the event has none
}

func newPageViews() *pageViews { return &pageViews{at: map[string]int{}, first: 1} }

func (v *pageViews) of(id string) *pageView {
	i, ok := v.at[id]
	if !ok {
		i = len(v.pages)
		v.at[id] = i
		v.pages = append(v.pages, pageView{id: id, shown: map[string]int{}, clicked: map[string]int{}})
	}
	return &v.pages[i]
}

// row takes what a row tells of a result page: a query with its hits, an
// impression, or something that begins with a click.
func (v *pageViews) row(value func(names []string) string, hits []string, action, product string) {
	id := value(eventQueryIDNames)
	if id == "" {
		return
	}
	p := v.of(id)
	if q := value(eventQueryNames); q != "" {
		p.query = q
	}
	if len(hits) > 0 {
		p.hits = hits
	}
	if product == "" {
		return
	}
	position := -1
	if n, err := strconv.Atoi(value(eventPositionNames)); err == nil && n >= 0 {
		position = n
	}
	_, isAction := actions[action]
	switch {
	case action == "impression" && position >= 0:
		p.meet(product)
		p.shown[product] = position
		v.first = min(v.first, position)
	case isAction:
		p.meet(product)
		if at, ok := p.clicked[product]; !ok || at < 0 {
			p.clicked[product] = position
		}
	}
}

// meet lists a product the first time the page is said to have it.
func (p *pageView) meet(product string) {
	_, shown := p.shown[product]
	_, clicked := p.clicked[product]
	if !shown && !clicked {
		p.order = append(p.order, product)
	}
}

// all lists the pages of known queries. A click whose product was not shown counts
// at its own position; one without any is left out.
func (v *pageViews) all() []engine.ResultPage {
	var all []engine.ResultPage
	for _, p := range v.pages {
		if p.query == "" {
			continue
		}
		shift := 1 - v.first
		if len(p.shown) == 0 && len(p.hits) > 0 {
			shift = 0
			for i, product := range p.hits[:min(len(p.hits), pageEnd)] {
				p.meet(product)
				p.shown[product] = i + 1
			}
		}
		page := engine.ResultPage{ID: p.id, Query: p.query}
		for _, product := range p.order {
			t := engine.Tally{Product: product}
			position, shown := p.shown[product]
			clickedAt, clicked := p.clicked[product]
			switch {
			case shown:
				t.Position, t.Shown = position+shift, 1
			case clicked && clickedAt >= 0 && len(p.shown) == 0:
				t.Position = clickedAt + shift // its impression came before, or comes later
			default:
				continue
			}
			if clicked {
				t.Clicked = 1
			}
			page.Tallies = append(page.Tallies, t)
		}
		all = append(all, page)
	}
	return all
}
