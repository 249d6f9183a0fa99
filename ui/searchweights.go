package ui

import (
	"slices"
	"time"

	"touchstone/engine"
	"touchstone/ui/locale"
)

// weights is what the sliders show: the ranker in use, or changes to it.
func (s *search) weights() engine.Ranker {
	if s.draft != nil {
		return *s.draft
	}
	return s.ranker
}

// ranking is the ranker of the page that is looked at.
func (s *search) ranking() engine.Ranker {
	if s.split.on() {
		return s.split.columns[s.split.faced].ranker()
	}
	return s.weights()
}

// changed says whether the sliders differ from the ranker in use.
func (s *search) changed() bool { return s.draft != nil }

// setWeight moves one slider: the page is ordered anew without a search. While
// learning, the sliders stand still.
func (s *search) setWeight(feature string, weight float64) {
	if s.learning != nil { // what it learns would take the place of the change
		s.inspector.showWeights()
		return
	}
	if s.draft == nil {
		s.markBefore()
	}
	d := s.weights()
	d.Weights = slices.Clone(d.Weights)
	i := slices.IndexFunc(d.Weights, func(w engine.Weight) bool { return w.Feature == feature })
	if i < 0 {
		i, d.Weights = len(d.Weights), append(d.Weights, engine.Weight{Feature: feature})
	}
	d.Weights[i].Weight = weight
	s.draft, s.outcome = &d, nil
	s.ownWeights()
	s.rerank()
	s.evaluate(gradingPause)
}

// reset puts the sliders back to the ranker in use.
func (s *search) reset() {
	if s.draft == nil {
		return
	}
	s.draft, s.before, s.was = nil, nil, nil
	s.ownWeights()
	s.rerank()
	s.evaluate(0)
}

// keep takes the weights on the sliders into use, as a new version.
func (s *search) keep() {
	switch {
	case s.live.trying: // only a check keeps what the grades have made
		s.learn()
	case s.draft != nil:
		s.use(*s.draft)
	}
}

// useDefault goes back to the weights that need no grades.
func (s *search) useDefault() {
	s.markBefore()
	s.use(s.bench.Default())
}

func (s *search) use(r engine.Ranker) {
	before := s.ranker
	s.tasks.inOrder(func() func() {
		used, err := s.bench.Use(r)
		return func() {
			if err != nil {
				s.tell(failure(locale.T("The weights were not saved"), err))
				return
			}
			s.adopt(used)
			s.saved = time.Now()
			s.onStatus()
			s.evaluate(0)
			s.tell(notice{text: locale.T("%s is in use.", rankerName(&used, "")), action: locale.T("Undo"), do: func() {
				s.markBefore()
				s.use(before)
			}})
		}
	})
}

// adopt shows another ranker in use.
func (s *search) adopt(r engine.Ranker) {
	s.ranker, s.draft = r, nil
	s.ownWeights()
	s.rerank()
	if s.split.on() {
		s.split.enter() // there is another version to choose
	}
}

func (s *search) rerank() {
	s.orders++
	s.reorder()
	s.showRows()
	s.inspector.show()
}

// reorder puts the page into the order of the weights, without a search.
func (s *search) reorder() {
	s.split.reorder()
	if s.page == nil {
		return
	}
	page, err := s.bench.Rerank(s.page, s.weights())
	if err != nil {
		s.tell(failure(locale.T("The order stays as it is"), err))
		return
	}
	s.page = page
}

// markBefore remembers the order of the page and the mean of the query set, to
// show what the next weights change.
func (s *search) markBefore() {
	s.before, s.was = nil, nil
	if s.page != nil {
		s.before = make(map[string]int, len(s.page.Results))
		for i := range s.page.Results {
			s.before[s.page.Results[i].Product.ID] = i
		}
	}
	if s.evaluation != nil {
		mean := s.evaluation.Mean
		s.was = &mean
	}
}
