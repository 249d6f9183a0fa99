package workbench

import (
	"cmp"
	"context"
	"math"

	"touchstone/engine"
	"touchstone/engine/learn"
)

// Change is one weight's change and the judgments that pushed it most.
type Change struct {
	Feature       string
	Before, After float64
	Pushes        []Push // in the direction of the change, strongest first
}

// Shown reports whether the change can be seen at the digits that people are
// shown, and what pushed it is known.
func (c *Change) Shown() bool { return math.Abs(c.After-c.Before) >= 0.0005 && len(c.Pushes) > 0 }

// Push is one pair of judgments that moved a weight, with the titles of both
// products; a product that has none, or is gone, goes by its ID.
type Push struct {
	Query         string
	Better, Worse string     // product IDs; Worse has the lower grade, or none
	Titles        [2]string  // of both
	Grades        [2]float64 // NaN where nobody has judged
	Share         float64    // of all that pushed the weight this way, 0 to 1
}

// Why says of each weight of a learned ranker how it differs from the one that
// it was pulled toward, and which judgments pushed it most, at most so many each.
func (b *Bench) Why(ctx context.Context, r engine.Ranker, most int) ([]Change, error) {
	data, prior, metric, err := b.lesson(ctx, nil)
	if err != nil {
		return nil, err
	}
	explained, err := learn.Explain(data, prior, r, most, learn.Options{Metric: metric, Seed: r.Made.Seed})
	if err != nil {
		return nil, err
	}
	titles := map[string]string{}
	title := func(id string) (string, error) {
		if _, known := titles[id]; !known {
			p, _, err := b.store.Product(id)
			if err != nil {
				return "", err
			}
			titles[id] = cmp.Or(p.Title, id)
		}
		return titles[id], nil
	}
	changes := make([]Change, len(explained))
	for i, c := range explained {
		changes[i] = Change{Feature: c.Feature, Before: c.Before, After: c.After}
		for _, p := range c.Pushes {
			push := Push{Query: p.Query, Better: p.Better, Worse: p.Worse, Grades: p.Grades, Share: p.Share}
			for side, id := range []string{p.Better, p.Worse} {
				if push.Titles[side], err = title(id); err != nil {
					return nil, err
				}
			}
			changes[i].Pushes = append(changes[i].Pushes, push)
		}
	}
	return changes, nil
}
