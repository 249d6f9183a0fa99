package ui

import (
	"slices"

	"fyne.io/fyne/v2"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

// facing is the page that is looked at: the results, or of two rankings side by
// side the one that the keys go to; nil while there is none.
func (s *search) facing() *workbench.Page {
	if s.split.on() {
		return s.split.page()
	}
	return s.page
}

// rows is the list of results, which takes the focus.
func (s *search) rows() fyne.Focusable {
	if s.split.on() {
		return s.split.list
	}
	return s.results
}

// showRows draws the results again where they stand.
func (s *search) showRows() {
	if s.split.on() {
		s.split.show()
		return
	}
	s.results.show()
}

func (s *search) scrollTo(row int) {
	if s.split.on() {
		s.split.list.ScrollTo(row)
		return
	}
	s.results.ScrollTo(row)
}

// toResults gives the results the focus, if there are any.
func (s *search) toResults() {
	if page := s.facing(); page != nil && len(page.Results) > 0 {
		s.focus(s.rows())
	}
}

// toggleSplit sets two rankings side by side, or goes back to one.
func (s *search) toggleSplit() { s.split.toggle() }

// row is where a product stands on the page that is looked at, −1 when it does not.
func (s *search) row(product string) int { return rowOf(s.facing(), product) }

func rowOf(page *workbench.Page, product string) int {
	if page == nil {
		return -1
	}
	return slices.IndexFunc(page.Results, func(r engine.Result) bool { return r.Product.ID == product })
}

// result is the selected result, nil for none.
func (s *search) result() *engine.Result {
	if i := s.row(s.selected); i >= 0 {
		return &s.facing().Results[i]
	}
	return nil
}

// pick selects a product.
func (s *search) pick(product string) {
	s.selected = product
	s.showRows()
	s.inspector.showWhy()
}

// pickThere selects a product and brings it into view, if it is on the page.
func (s *search) pickThere(product string) {
	if i := s.row(product); i >= 0 {
		s.pick(product)
		s.scrollTo(i)
		s.inspector.content.Refresh() // the reasons may need another height
	}
}

// move selects the row that lies steps below the selected one.
func (s *search) move(steps int) {
	page := s.facing()
	if page == nil || len(page.Results) == 0 {
		return
	}
	i := min(max(s.row(s.selected)+steps, 0), len(page.Results)-1)
	s.pick(page.Results[i].Product.ID)
	s.scrollTo(i)
}
