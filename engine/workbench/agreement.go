package workbench

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"touchstone/engine"
	"touchstone/engine/measure"
)

// JudgesReport is how far the judges of a workspace say the same, and where they
// do not.
type JudgesReport struct {
	measure.Agreement
	Judgments map[string]int     // how many each judge gave
	Accuracy  map[string]float64 // the chance that a judge gives the true grade, by measure.DawidSkene
	Disputes  []Dispute          // the farthest apart first
}

// Dispute is a pair that judges grade differently.
type Dispute struct {
	Query, Product string
	Title          string // "" where the catalogue lacks the product
	Judgments      []engine.Judgment
}

// Coefficient is a measure of agreement with its interval.
type Coefficient = measure.Coefficient

// Judges measures how far the judges agree.
func (b *Bench) Judges(ctx context.Context) (*JudgesReport, error) {
	queries := b.grades.queries()
	var all []engine.Judgment
	report := &JudgesReport{Judgments: map[string]int{}}
	for _, query := range queries {
		for _, of := range b.grades.pairs(query) {
			all = append(all, of...)
		}
	}
	for _, j := range all {
		report.Judgments[j.Judge]++
	}
	ratings := measure.NewRatings(all)
	report.Agreement = ratings.Agree(1)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	report.Accuracy = measure.DawidSkene(ratings).Accuracy
	pairs, err := b.disputed(queries)
	if err != nil {
		return nil, err
	}
	for _, pair := range pairs {
		product, _, err := b.store.Product(pair.product)
		if err != nil {
			return nil, err
		}
		of := slices.Clone(b.grades.pairs(pair.query)[pair.product])
		slices.SortFunc(of, func(a, b engine.Judgment) int { return strings.Compare(a.Judge, b.Judge) })
		report.Disputes = append(report.Disputes, Dispute{pair.query, pair.product, product.Title, of})
	}
	return report, nil
}

// Judging is how one judge's day goes.
type Judging struct {
	Judge   string
	Today   int     // grades given since midnight that still stand
	PerHour float64 // of the time spent grading; 0 while unknown
	// Kappa is the judge's quadratic weighted kappa with the median of the
	// others, over Shared pairs; NaN while it is not defined.
	Kappa    float64
	Shared   int
	Disputed int // pairs that the judge and others grade differently
}

// pause is the longest time between two grades that counts as grading.
const pause = 2 * time.Minute

// Judging says how the judge of the workspace is doing.
func (b *Bench) Judging(now time.Time) (Judging, error) {
	settings := b.store.Settings()
	out := Judging{Judge: settings.judge()}
	midnight := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	undone := map[uint64]bool{}
	var last time.Time
	var spent time.Duration
	steps := 0
	err := b.store.History(func(c engine.Change) bool {
		if c.Time.Before(midnight) {
			return false
		}
		if c.Undoes != 0 {
			undone[c.Undoes] = true
			return true
		}
		if c.After == nil || c.After.Judge != out.Judge || undone[c.Seq] {
			return true
		}
		out.Today++
		if apart := last.Sub(c.Time); !last.IsZero() && apart < pause {
			spent += apart
			steps++
		}
		last = c.Time
		return true
	})
	if err != nil {
		return out, err
	}
	if spent > 0 {
		out.PerHour = float64(steps) / spent.Hours()
	}
	var own, others []float64
	for _, query := range b.grades.queries() {
		for _, of := range b.grades.pairs(query) {
			var rest []engine.Judgment
			mine := math.NaN()
			for _, j := range of {
				if j.Judge == out.Judge {
					mine = float64(j.Grade)
				} else {
					rest = append(rest, j)
				}
			}
			if math.IsNaN(mine) || len(rest) == 0 {
				continue
			}
			if spread(of) > 0 {
				out.Disputed++
			}
			agreed, err := measure.Agree(rest, measure.Median)
			if err != nil {
				return out, err
			}
			own, others = append(own, mine), append(others, float64(agreed[query][rest[0].Product]))
		}
	}
	out.Shared = len(own)
	out.Kappa = measure.Kappa(own, others, measure.Quadratic)
	return out, nil
}

// SetJudge names who grades from now on; grades given before keep their name.
func (b *Bench) SetJudge(name string) error {
	name = strings.TrimSpace(name)
	if name == "" {
		return fmt.Errorf("name the judge: the name is empty; type one")
	}
	settings := b.store.Settings()
	if settings.Judge == name {
		return nil
	}
	settings.Judge = name
	return b.store.PutSettings(settings)
}
