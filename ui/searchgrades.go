package ui

import (
	"context"
	"errors"
	"time"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/ui/locale"
)

// grade gives a product of the page a grade, nil to take it away. The order of
// the page stays: only learning and the sliders change it.
func (s *search) grade(product string, g *engine.Grade) {
	i := s.row(product)
	if i < 0 {
		return
	}
	query, result := s.facing().Query, &s.facing().Results[i]
	old := result.Grade
	s.setGrade(query, product, g)
	s.edited = false
	if g != nil {
		s.graded++
	}
	s.store(func() error {
		if g == nil {
			return s.bench.Clear(query, product)
		}
		return s.bench.Grade(context.Background(), query, product, *g)
	}, func(err error) {
		if err != nil {
			s.setGrade(query, product, old)
		} else if g == nil {
			s.setGrade(query, product, s.agreed(product))
		}
	})
}

// gradeSelected grades the selected result and goes on to the next.
func (s *search) gradeSelected(g engine.Grade) {
	if s.result() != nil {
		s.grade(s.selected, &g)
		s.move(1)
	}
}

// clearSelected takes the grade of the selected result away.
func (s *search) clearSelected() {
	if r := s.result(); r != nil && r.Grade != nil {
		s.grade(s.selected, nil)
	}
}

// setGrade shows a grade on the pages that still are of that query.
func (s *search) setGrade(query, product string, g *engine.Grade) {
	if i := rowOf(s.page, product); i >= 0 && s.page.Query == query {
		s.page.Results[i].Grade = g
	}
	s.split.grade(query, product, g)
	s.showRows()
}

// store writes to the workspace after all earlier writes. Only when it is on
// disk does the screen say saved. Then is told what came of it.
func (s *search) store(write func() error, then func(error)) {
	s.unsaved++
	s.onStatus()
	s.tasks.inOrder(func() func() {
		err := write()
		status := s.bench.Status()
		return func() {
			s.unsaved--
			switch {
			case err == nil:
				s.saved, s.status = time.Now(), status
			case errors.Is(err, workbench.ErrNotWritten):
				// It stands, and is tried again: nothing on the screen goes back.
				s.tell(failure(locale.T("The grade is not in the file yet"), err))
				err = nil
			default:
				s.tell(failure(locale.T("The grade was not saved"), err))
			}
			then(err)
			if err == nil {
				s.follow()
			}
			s.was = nil // measured on other grades
			s.showMeasured()
			s.evaluate(gradingPause)
			s.onStatus()
		}
	})
}

// undo takes back the newest grade, on this page or another.
func (s *search) undo() { s.takeBack(s.showUndone) }

// takeBack undoes the newest step and then shows what changed.
func (s *search) takeBack(show func([]engine.Change)) {
	var undone []engine.Change
	s.unsaved++
	s.onStatus()
	s.tasks.inOrder(func() func() {
		var err error
		undone, err = s.bench.Undo()
		status := s.bench.Status()
		return func() {
			s.unsaved--
			switch {
			case err != nil:
				s.tell(failure(locale.T("The grade was not taken back"), err))
			case len(undone) == 0:
				s.tell(notice{text: locale.T("There is no grade to undo.")})
			default:
				s.saved, s.status, s.was = time.Now(), status, nil
				show(undone)
				if len(undone) > 1 {
					s.tell(s.tookBack(undone))
				}
				s.regraded()
			}
			s.showMeasured()
			s.evaluate(gradingPause)
			s.onStatus()
		}
	})
}

// tookBack tells of a step of many grades, such as an import, which one key takes
// back: so does one press put it back.
func (s *search) tookBack(undone []engine.Change) notice {
	of := map[string]bool{}
	for i := range undone {
		of[undone[i].About().Query] = true
	}
	return notice{text: locale.T("Took back %s of %s.", locale.N(len(undone), "%d grade", "%d grades"), locale.N(len(of), "%d query", "%d queries")),
		action: locale.T("Put them back"), do: func() { s.putBack(undone) }, stays: true, about: "undone"}
}

// putBack makes what was undone stand again.
func (s *search) putBack(undone []engine.Change) {
	s.unsaved++
	s.onStatus()
	s.tasks.inOrder(func() func() {
		err := s.bench.PutBack(undone)
		return func() {
			s.unsaved--
			if err != nil {
				s.tell(failure(locale.T("The grades were not put back"), err))
			} else {
				s.saved, s.was = time.Now(), nil
			}
			s.refresh()
			s.regraded()
		}
	})
}

func (s *search) showUndone(undone []engine.Change) {
	for _, c := range undone {
		s.showTakenBack(c, len(undone) == 1)
	}
}

// showTakenBack shows a grade as it stands again; alone reports whether nothing
// else came back with it.
func (s *search) showTakenBack(c engine.Change, alone bool) {
	if c.After != nil {
		g := c.After.Grade
		s.setGrade(c.After.Query, c.After.Product, &g)
		s.showChanged(c.After.Query, c.After.Product, alone)
	} else if c.Before != nil {
		if page := s.facing(); page != nil && page.Query == c.Before.Query {
			s.setGrade(c.Before.Query, c.Before.Product, s.agreed(c.Before.Product))
		}
		s.showChanged(c.Before.Query, c.Before.Product, alone)
	}
}

// showChanged selects a product whose grade came back, or names its query where
// it came alone.
func (s *search) showChanged(query, product string, alone bool) {
	if i := s.row(product); i >= 0 && s.facing().Query == query {
		s.pick(product)
		s.scrollTo(i)
		return
	}
	if !alone {
		return
	}
	s.tell(notice{text: locale.T("Took back a grade for “%s”.", query), action: locale.T("Show"), do: func() { s.open(query) }})
}

// agreed is the grade of a product that stands in the workspace when a judge's
// own was taken away: that of the other judges, nil where there is none.
func (s *search) agreed(product string) *engine.Grade {
	shown := s.facing()
	if shown == nil {
		return nil // the query was taken away while the grade was stored
	}
	page, err := s.bench.Rerank(shown, s.ranking())
	if err != nil {
		return nil // the grade is shown again with the next search
	}
	for i := range page.Results {
		if page.Results[i].Product.ID == product {
			return page.Results[i].Grade
		}
	}
	return nil
}
