package ui

import (
	"context"
	"time"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/ui/locale"
)

// evaluate measures the whole query set beside the window.
func (s *search) evaluate(pause time.Duration) {
	if s.status.Judgments == 0 {
		s.evaluations.stop()
		s.evaluation = nil
		s.inspector.show()
		return
	}
	ranker := s.draft
	s.tasks.newest(&s.evaluations, pause, func(ctx context.Context) func() {
		e, err := s.bench.Evaluate(ctx, workbench.EvalRequest{Ranker: ranker}, nil)
		return func() {
			if err != nil {
				s.tell(failure(locale.T("The query set was not measured"), err))
				return
			}
			s.evaluation = e
			s.inspector.show()
			if s.page == nil {
				s.showMiddle()
			}
		}
	})
}

// showMeasured shows how good the pages are by the grades of now.
func (s *search) showMeasured() {
	s.inspector.show()
	if s.split.on() {
		s.split.showHeads()
	}
}

// learn trains on all grades, from the weights on the sliders.
func (s *search) learn() { s.learnKind(engine.Linear) }

// learnKind is learn for a kind of ranker.
func (s *search) learnKind(kind engine.Kind) {
	if s.learning != nil {
		return
	}
	draft := s.draft
	if s.live.trying {
		draft = nil
		s.ownWeights()
	}
	s.learning, s.outcome = &engine.Progress{}, nil
	s.inspector.choose(false) // where its outcome will stand
	s.stopLearn = s.tasks.start(func(ctx context.Context) func() {
		var err error
		if draft != nil {
			_, err = s.bench.Use(*draft)
		}
		var learned *workbench.Learned
		if err == nil {
			learned, err = s.bench.Train(ctx, workbench.TrainRequest{Kind: kind, Seed: workbench.UsualSeed}, func(p engine.Progress) {
				s.tasks.post(func() {
					if s.learning != nil {
						s.learning = &p
						s.inspector.showLearning()
					}
				})
			})
		}
		cancelled := ctx.Err() != nil
		return func() { s.learned(learned, err, cancelled) }
	}, true)
}

func (s *search) learned(l *workbench.Learned, err error, cancelled bool) {
	s.learning, s.stopLearn = nil, nil
	switch {
	case err != nil && cancelled:
		s.adopt(s.bench.Ranker())
	case err != nil:
		s.tell(failure(locale.T("Learning stopped"), err))
		s.adopt(s.bench.Ranker())
	default:
		s.outcome = l
		if l.Adopted {
			s.markBefore()
			s.saved = time.Now()
		}
		s.adopt(l.Ranker)
		s.evaluate(0)
		if l.Adopted {
			call(s.adopted)
		}
	}
	s.onStatus()
}
