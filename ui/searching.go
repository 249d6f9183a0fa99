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

// search asks for a page after a pause, in place of any search under way. The
// old page stays until the new one is there. With a pause the last word may
// still go on.
func (s *search) search(query string, pause time.Duration) {
	query = strings.TrimSpace(query)
	if query == s.query && s.page != nil && s.page.Query == query {
		s.searches.stop()
		return
	}
	s.query = query
	if query == "" {
		s.tasks.newest(&s.searches, clearingPause, func(context.Context) func() { return s.clear })
		return
	}
	s.ask(pause, pause > 0, resultsWanted)
}

// clear shows that nothing is searched for.
func (s *search) clear() {
	s.page, s.selected, s.before, s.aside = nil, "", nil, nil
	s.split.forget()
	s.show()
}

// finish searches for a query whose typing has ended.
func (s *search) finish(query string) {
	completed := s.partly && s.page != nil && slices.ContainsFunc(s.page.Analysis.Terms, func(t engine.Term) bool { return t.Added == engine.Prefix })
	if query = strings.TrimSpace(query); completed && query == s.query && s.page.Query == query {
		s.ask(0, false, resultsWanted)
		return
	}
	s.search(query, 0)
}

// again searches for the present query under other choices.
func (s *search) again() {
	if s.query != "" {
		s.ask(0, s.partly, resultsWanted)
	}
}

// more asks for further results when the end of the page comes near.
func (s *search) more() {
	if s.page == nil || s.page.Query != s.query || len(s.page.Results) < s.asked || len(s.page.Results) >= s.page.Total {
		return
	}
	s.ask(0, s.partly, s.asked+resultsWanted)
}

// ask searches for the present query. A page with more results than the one on
// screen leaves everything where it is.
func (s *search) ask(pause time.Duration, typing bool, wanted int) {
	further := wanted > resultsWanted
	s.asked, s.typing = wanted, typing
	req, orders := s.request(), s.orders
	s.split.ask(pause)
	s.tasks.newest(&s.searches, pause, func(ctx context.Context) func() {
		page, err := s.find(ctx, req)
		return func() {
			if err != nil {
				s.tell(failure(locale.T("The search did not work"), err))
				return
			}
			s.drawing.changed()
			s.page, s.partly = page, typing
			if further {
				if s.orders != orders {
					s.reorder()
				}
				s.showRows()
				return
			}
			s.aside = nil
			if typing {
				s.count(req)
			} else {
				s.refine.learn(page.Facets)
			}
			s.before, s.selected = nil, ""
			if len(page.Results) > 0 {
				s.selected = page.Results[0].Product.ID
			}
			if s.orders != orders { // the weights changed while this search ran
				s.reorder()
			}
			s.show()
			s.scrollTo(0)
			s.pickThere(s.wanted)
			s.wanted = ""
			s.leave()
			s.onStatus()
		}
	})
}

// find searches while nothing is to be drawn.
func (s *search) find(ctx context.Context, req workbench.SearchRequest) (*workbench.Page, error) {
	ctx = engine.GivingWay(ctx, s.drawing.wait)
	engine.GiveWay(ctx)
	return s.bench.Search(ctx, req)
}

// request is the present search.
func (s *search) request() workbench.SearchRequest {
	return workbench.SearchRequest{Query: s.query, K: s.asked, Ranker: s.draft, Typing: s.typing, Facets: s.asked <= resultsWanted && !s.typing,
		Filter: s.refine.filter(), Sort: s.refine.sort, Profile: s.refine.shopper}
}

// count counts the values of filters for a page that was found while its query was
// typed, unless typing goes on.
func (s *search) count(req workbench.SearchRequest) {
	req.K, req.Facets = 1, true
	s.tasks.newest(&s.searches, countingPause, func(ctx context.Context) func() {
		page, err := s.find(ctx, req)
		return func() {
			if err != nil {
				s.tell(failure(locale.T("The values of the filters could not be counted"), err))
				return
			}
			s.refine.learn(page.Facets)
		}
	})
}

// leave goes from the field to the results of the query that was entered, as
// soon as they are there.
func (s *search) leave() {
	if s.leaving && s.page != nil && s.page.Query == s.query {
		s.leaving = false
		s.toResults()
	}
}

// open types a query for the person and searches it at once.
func (s *search) open(query string) {
	s.field.setQuietly(query)
	s.search(query, 0)
}

// openAt opens a query at one of its products, with the reasons beside it; the
// keys go to the product.
func (s *search) openAt(query, product string) {
	s.inspector.choose(true)
	if s.page != nil && s.page.Query == query {
		s.field.setQuietly(query)
		s.pickThere(product)
		s.toResults()
		return
	}
	s.wanted, s.leaving = product, true
	s.open(query)
}
