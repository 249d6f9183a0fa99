package workbench

import (
	"cmp"
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
	Judgments map[string]int          // how many each judge gave
	Accuracy  map[string]float64      // the chance that a judge gives the true grade, by measure.DawidSkene; of those who share a pair with another
	Rest      []measure.PairAgreement // each judge (A) with the median of the others (B)
	Self      []measure.PairAgreement // each judge (A) with their own second looks (B), where there are any
	PerQuery  []QueryAgreement        // least agreed on first
	Disputes  []Dispute               // the farthest apart first; settled ones are not among them
	Settled   int                     // pairs on which judges have settled
	Consensus measure.Consensus       // how several grades become one
}

// QueryAgreement is how far judges agree about the products of one query.
type QueryAgreement struct {
	Query   string
	Shared  int     // pairs graded by two judges or more
	Same    float64 // share of them that all grade alike
	Ordinal float64 // Krippendorff's alpha; NaN where it is not defined
}

// Dispute is a pair that judges grade differently.
type Dispute struct {
	Query, Product string
	Title          string // "" where the catalogue lacks the product
	Judgments      []engine.Judgment
	Settled        *engine.Judgment // one of them; nil while nobody has settled it
}

// Coefficient is a measure of agreement with its interval.
type Coefficient = measure.Coefficient

// PairAgreement is how far two judges say the same.
type PairAgreement = measure.PairAgreement

// Consensus is a way to make one grade of many.
type Consensus = measure.Consensus

// Judges measures how far the judges agree.
func (b *Bench) Judges(ctx context.Context) (*JudgesReport, error) {
	every, _ := b.grades.every()
	all, settled := measure.Opinions(every)
	report := &JudgesReport{Judgments: map[string]int{}, Settled: len(settled), Consensus: b.Consensus()}
	for _, j := range all {
		report.Judgments[j.Judge]++
	}
	ratings := measure.NewRatings(all)
	report.Agreement = ratings.Agree(1)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	report.Accuracy = measure.DawidSkene(ratings).Accuracy
	for _, judge := range report.Agreement.Judges {
		if p, ok := ratings.WithRest(judge, 1); ok {
			report.Rest = append(report.Rest, p)
		} else {
			delete(report.Accuracy, judge) // an estimate from the others' grades alone
		}
		if p, ok := secondLooksOf(judge, every); ok {
			report.Self = append(report.Self, p)
		}
	}
	for _, q := range ratings.PerQuery() {
		report.PerQuery = append(report.PerQuery, QueryAgreement(q))
	}
	slices.SortStableFunc(report.PerQuery, func(a, b QueryAgreement) int {
		return cmp.Or(cmp.Compare(a.Same, b.Same), strings.Compare(a.Query, b.Query))
	})
	var err error
	report.Disputes, err = b.Discussion(false)
	return report, err
}

// secondLooksOf holds a judge's second looks against the first; false where no
// first one stands any more.
func secondLooksOf(judge string, every []engine.Judgment) (measure.PairAgreement, bool) {
	first := map[pairKey]engine.Judgment{}
	for _, j := range every {
		if j.Judge == judge {
			first[pairKey{j.Query, j.Product}] = j
		}
	}
	var both []engine.Judgment
	for _, j := range every {
		if before, ok := first[pairKey{j.Query, j.Product}]; ok && j.Judge == engine.Again(judge) {
			both = append(both, before, j)
		}
	}
	if len(both) == 0 {
		return measure.PairAgreement{}, false
	}
	return measure.NewRatings(both).Agree(1).Between[0], true // their names sort in this order
}

// Judging is how one judge's day goes.
type Judging struct {
	Judge   string
	Today   int     // grades given by hand since midnight that still stand
	PerHour float64 // of the time spent grading; 0 while unknown
	// Kappa is the judge's quadratic weighted kappa with the median of the
	// others, over Shared pairs; NaN while it is not defined.
	Kappa    float64
	Shared   int
	Disputed int // pairs that the judge and others grade differently
	// Assigned is how many pairs are shared out to the judge, ToDo how many of
	// them are not graded yet.
	Assigned, ToDo int
}

// pause is the longest time between two grades that counts as grading.
const pause = 2 * time.Minute

// fastest is how soon a person can give the next grade; what follows sooner is a
// key that was held down, or a journal played after a crash.
const fastest = 100 * time.Millisecond

// Judging says how the judge of the workspace is doing.
func (b *Bench) Judging(now time.Time) (Judging, error) {
	settings := b.store.Settings()
	out := Judging{Judge: settings.judge()}
	midnight := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	undone := map[uint64]bool{}
	step := uint64(0) // a selection counts each of its grades, and as one moment
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
		if c.After == nil || c.Brought || c.After.Judge != out.Judge || undone[c.Seq] {
			return true
		}
		out.Today++
		if c.Step != 0 && c.Step == step {
			return true
		}
		step = c.Step
		if apart := last.Sub(c.Time); !last.IsZero() && apart >= fastest && apart < pause {
			spent += apart
			steps++
		}
		last = c.Time
		return true
	})
	if err != nil {
		return out, err
	}
	shares, err := b.Shares()
	if err != nil {
		return out, err
	}
	for _, share := range shares {
		if share.Judge == out.Judge {
			out.Assigned += share.Pairs
			out.ToDo += share.To
		}
	}
	if spent > 0 {
		out.PerHour = float64(steps) / spent.Hours()
	}
	own, others, disputed := b.grades.beside(out.Judge)
	out.Disputed = disputed
	out.Shared = len(own)
	out.Kappa = measure.Kappa(own, others, measure.Quadratic)
	return out, nil
}

// beside is a judge's grades and the median of the others', of the pairs that
// both graded, and of how many of those the judges grade differently and nobody
// has settled.
func (g *grades) beside(judge string) (own, others []float64, disputed int) {
	g.mu.RLock()
	defer g.mu.RUnlock()
	var rest []float64
	for _, products := range g.byQuery {
		for _, of := range products {
			if len(of) < 2 {
				continue
			}
			rest = rest[:0]
			mine, settled, differs := math.NaN(), false, false
			for i := range of {
				switch j := &of[i]; {
				case j.Judge == judge:
					mine = float64(j.Grade)
				case j.Judge == engine.Adjudicated:
					settled = true
				case j.Opinion():
					rest = append(rest, float64(j.Grade))
				}
			}
			if math.IsNaN(mine) || len(rest) == 0 {
				continue
			}
			slices.Sort(rest)
			differs = min(mine, rest[0]) != max(mine, rest[len(rest)-1])
			if differs && !settled {
				disputed++
			}
			own, others = append(own, mine), append(others, (rest[(len(rest)-1)/2]+rest[len(rest)/2])/2)
		}
	}
	return own, others, disputed
}

// SetJudge names who grades from now on; grades given before keep their name.
func (b *Bench) SetJudge(name string) error {
	name = strings.TrimSpace(name)
	if name == "" {
		return fmt.Errorf("name the judge: the name is empty; type one")
	}
	if j := (engine.Judgment{Judge: name}); !j.Opinion() {
		return fmt.Errorf("name the judge: %q has a meaning of its own; choose another name", name)
	}
	settings := b.store.Settings()
	if settings.Judge == name {
		return nil
	}
	settings.Judge = name
	return b.store.PutSettings(settings)
}
