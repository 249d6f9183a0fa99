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
	trust learn.Trust
	fits  int // since the trust was found out
}

// trustHolds is for how many refits it holds how far the grades are trusted,
// once that is found out by cross-validation.
const trustHolds = 20

// ErrNothingToLearn says that no grade is above another.
var ErrNothingToLearn = errors.New("nothing to learn from yet: grade one result as good")

// Refit fits the weights to the grades as they are now, from where the last
// refit ended. The first one searches all judged queries and finds out how far to
// leave the ranker in use; the next ones take milliseconds. Where nothing is sure
// yet it goes the smallest way, so that a person sees where the grades lead: a
// trial is no adoption.
func (b *Bench) Refit(ctx context.Context, seed int64) (*Trial, error) {
	data, prior, metric, err := b.lesson(ctx, nil)
	if err != nil {
		return nil, err
	}
	b.live.mu.Lock()
	defer b.live.mu.Unlock()
	l := &b.live
	opts := b.options(&prior, metric, seed)
	if l.start != nil && l.fits < trustHolds && l.prior.Name == prior.Name && l.prior.Version == prior.Version {
		opts.Start, opts.Trust = l.start, l.trust
	}
	start := time.Now()
	fitted, report, err := learn.Fit(ctx, data, prior, opts)
	if err == nil && report.Trust.Stays() {
		opts.Trust = learn.Least
		fitted, report, err = learn.Fit(ctx, data, prior, opts)
	}
	if err != nil {
		return nil, err
	}
	if report.Queries == 0 {
		return nil, ErrNothingToLearn
	}
	if opts.Start == nil {
		l.fits = 0
	}
	l.prior, l.start, l.trust = prior, &fitted, report.Trust
	l.fits++
	return &Trial{Ranker: fitted, Grades: report.Grades, Queries: report.Queries, Seconds: time.Since(start).Seconds()}, nil
}
