package workbench

import (
	"context"
	"errors"
	"sync"
	"time"

	"touchstone/engine"
	"touchstone/engine/learn"
)

// Trial is a ranker that follows the grades as they come. It has seen all of
// them and proves nothing: it is shown, not stored, until Train finds that
// left-out queries do not get worse.
type Trial struct {
	Ranker  engine.Ranker
	Grades  int
	Queries int
	Seconds float64 // of the fit
}

// live is where the last refit ended.
type live struct {
	mu    sync.Mutex
	prior engine.Ranker
	start *engine.Ranker
	pull  float64
	fits  int // since the pull was found out
}

// pullHolds is for how many refits the pull toward the prior, once found out by
// cross-validation, is taken as it is.
const pullHolds = 20

// ErrNothingToLearn says that no grade is above another.
var ErrNothingToLearn = errors.New("nothing to learn from yet: grade one result as good")

// Refit fits the weights to the grades as they are now, from where the last
// refit ended. The first one searches all judged queries and finds out how hard
// to pull toward the ranker in use; the next ones take milliseconds.
func (b *Bench) Refit(ctx context.Context, seed int64) (*Trial, error) {
	data, prior, metric, err := b.lesson(ctx, nil)
	if err != nil {
		return nil, err
	}
	b.live.mu.Lock()
	defer b.live.mu.Unlock()
	l := &b.live
	opts := learn.Options{Metric: metric, Seed: seed}
	if l.start != nil && l.fits < pullHolds && l.prior.Name == prior.Name && l.prior.Version == prior.Version {
		opts.Start, opts.Pull = l.start, l.pull
	}
	start := time.Now()
	fitted, report, err := learn.Fit(ctx, data, prior, opts)
	if err != nil {
		return nil, err
	}
	if report.Queries == 0 {
		return nil, ErrNothingToLearn
	}
	if opts.Start == nil {
		l.fits = 0
	}
	l.prior, l.start, l.pull = prior, &fitted, report.Pull
	l.fits++
	return &Trial{Ranker: fitted, Grades: report.Grades, Queries: report.Queries, Seconds: time.Since(start).Seconds()}, nil
}
