package workbench

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"touchstone/engine"
	"touchstone/engine/measure"
)

// Suspect is a grade that looks wrong.
type Suspect struct {
	engine.Judgment
	Expected  float64      // the mean grade that the rest speaks for
	Likeliest engine.Grade // the one grade that it speaks for most
	Surprise  float64      // −ln of the chance of the given grade, 0 and more
	Why       string
}

// likeness is by how much the chance of a grade falls with each step between it
// and another judge's grade of the same pair.
const likeness = 0.35

// Suspects lists every grade that a judge gave at first sight by how surprising
// it is, worst first; those of settled pairs apart, which count no more. The chance of
// a grade is what the ranker's score and the features say in the light of the
// grades of other queries and of the query's other pairs, times how near it is
// to each other judge's grade: a label is doubted by a model that has not seen
// it, as in confident learning (Northcutt, Jiang and Chuang, JAIR 2021).
func (b *Bench) Suspects(ctx context.Context, progress engine.OnProgress) ([]Suspect, error) {
	of, err := b.survey(ctx, b.grades.queries(), b.ranker.Load(), true, progress)
	if err != nil {
		return nil, err
	}
	guesses := newGuesser(of, b.Scale().Max())
	var suspects []Suspect
	for q, s := range of {
		pairs := b.grades.pairs(s.query)
		for _, l := range guesses.left[q] {
			prior := guesses.table[guesses.step(l.guess+l.bias)]
			judgments, settled := measure.Opinions(pairs[s.pool.items[l.candidate].Product])
			if len(settled) > 0 {
				continue
			}
			for i, j := range judgments {
				chances := slices.Clone(prior)
				sum := 0.0
				for grade := range chances {
					for k, other := range judgments {
						if k != i {
							chances[grade] *= math.Pow(likeness, math.Abs(float64(other.Grade)-float64(grade)))
						}
					}
					sum += chances[grade]
				}
				for grade := range chances {
					chances[grade] /= sum
				}
				given := min(max(int(j.Grade+0.5), 0), len(chances)-1)
				likeliest := slices.Index(chances, slices.Max(chances))
				suspects = append(suspects, Suspect{Judgment: j, Expected: expected(chances), Likeliest: engine.Grade(likeliest),
					Surprise: -math.Log(chances[given]), Why: whySuspect(j, expected(prior), judgments)})
			}
		}
	}
	slices.SortFunc(suspects, func(a, b Suspect) int {
		return cmp.Or(-cmp.Compare(a.Surprise, b.Surprise), strings.Compare(a.Query, b.Query),
			strings.Compare(a.Product, b.Product), strings.Compare(a.Judge, b.Judge))
	})
	return suspects, nil
}

// whySuspect says what score and features speak for, and whether the other
// judges' grades are others.
func whySuspect(j engine.Judgment, expected float64, judgments []engine.Judgment) string {
	why := fmt.Sprintf("Score and features speak for about %.1f, and the grade is %v", expected, j.Grade)
	if spread(judgments) > 0 {
		why += "; other judges see it otherwise"
	}
	return why + "."
}

// suspected are the judge's own suspect grades: those than which another is
// likelier, and which the judge has not confirmed.
func (b *Bench) suspected(ctx context.Context, req QueueRequest, progress engine.OnProgress) ([]pairToJudge, error) {
	suspects, err := b.Suspects(ctx, progress)
	if err != nil {
		return nil, err
	}
	settings := b.store.Settings()
	var pairs []pairToJudge
	for _, s := range suspects {
		wrong := math.Abs(float64(s.Likeliest-s.Grade)) > 0.5
		if wrong && s.Judge == settings.judge() && s.Confirmed.IsZero() && (req.Query == "" || req.Query == s.Query) {
			pairs = append(pairs, pairToJudge{s.Query, s.Product, s.Why})
		}
	}
	return pairs, nil
}
