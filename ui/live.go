package ui

import (
	"context"
	"errors"
	"time"

	"touchstone/engine/workbench"
	"touchstone/ui/locale"
)

// checkPause is how long no grade must come before weights that followed the
// grades are tried on queries left out.
const checkPause = 4 * time.Second

// live lets the weights follow each grade: the page is ordered anew after every
// one, by weights that are shown as being tried. When the grading pauses they are
// checked on queries left out, and kept or dropped as after Learn.
type live struct {
	on     bool
	trying bool   // the draft is of the grades, not of a person
	refits latest // to the grades as they are
	checks latest // on queries left out
}

// toggleLive turns following on or off; off goes back to the ranker in use.
func (s *search) toggleLive() {
	s.live.on = !s.live.on
	if s.live.on {
		s.follow()
		return
	}
	if s.live.trying {
		s.reset()
	}
}

// follow fits the weights to the grades as they are now. Sliders that a person
// has moved stay where they are.
func (s *search) follow() {
	l := &s.live
	if !l.on || s.learning != nil || s.draft != nil && !l.trying {
		return
	}
	l.checks.stop()
	s.tasks.newest(&l.refits, 0, func(ctx context.Context) func() {
		trial, err := s.bench.Refit(ctx, workbench.UsualSeed)
		return func() {
			switch {
			case errors.Is(err, workbench.ErrNothingToLearn):
			case err != nil:
				s.tell(failure(locale.T("The weights did not follow"), err))
			case l.on && s.learning == nil && (s.draft == nil || l.trying):
				if !l.trying {
					s.markBefore()
				}
				s.draft, s.outcome, l.trying = &trial.Ranker, nil, true
				s.rerank()
				s.evaluate(gradingPause)
				s.check()
			}
		}
	})
}

// check tries the weights on queries left out once the grading pauses.
func (s *search) check() {
	s.tasks.newest(&s.live.checks, checkPause, func(ctx context.Context) func() {
		learned, err := s.bench.Train(ctx, workbench.TrainRequest{Seed: workbench.UsualSeed}, nil)
		return func() {
			if s.live.trying {
				s.learned(learned, err, false)
			}
		}
	})
}

// ownWeights says that the weights on the sliders are a person's from now on,
// or that there are none.
func (s *search) ownWeights() {
	s.live.trying = false
	s.live.refits.stop()
	s.live.checks.stop()
}
