package learn

import (
	"context"

	"touchstone/engine"
)

// Outcome is what came of learning.
type Outcome struct {
	Ranker     engine.Ranker // the fitted one, adopted or not
	Report     Report
	Validation Validation
	Decision   Decision
}

// Learn fits a ranker, checks it on what was left out and decides whether it may
// replace the prior.
func Learn(ctx context.Context, data *Dataset, prior engine.Ranker, opts Options) (*Outcome, error) {
	v, err := CrossValidate(ctx, data, prior, opts)
	if err != nil {
		return nil, err
	}
	fitted, report, err := Fit(ctx, data, prior, opts)
	if err != nil {
		return nil, err
	}
	fitted.Made.Before, fitted.Made.After = v.Before().Whole, v.After().Whole
	moved := fitted.Kind != engine.Linear || !report.Trust.Stays()
	return &Outcome{Ranker: fitted, Report: *report, Validation: *v, Decision: Decide(v, report.Grades, moved)}, nil
}
