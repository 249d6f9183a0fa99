package learn

import (
	"slices"

	"touchstone/engine"
	"touchstone/engine/model"
)

// Change is one weight's change and the judgments that pushed it most.
type Change struct {
	Feature       string
	Before, After float64
	Pushes        []Push // in the direction of the change, strongest first
}

// Push is one pair of judgments that moved a weight.
type Push struct {
	Query  string
	Better string // product ID with the higher grade
	Worse  string // the lower grade, or not judged
	Grades [2]float64
	Share  float64 // of all that pushed the weight this way, 0 to 1
}

// Explain says for each weight of a fitted linear ranker how it changed and
// which pairs of products pushed it most, at most so many each. A pair's push
// is its part of the gradient halfway between the two rankers: the place that
// the fit passed through, where both what began the change and what remains of
// it count.
func Explain(data *Dataset, before, after engine.Ranker, most int, opts Options) ([]Change, error) {
	opts, err := opts.withDefaults()
	if err != nil {
		return nil, err
	}
	if err := data.Check(); err != nil {
		return nil, err
	}
	old, err := model.Linears(&before, columns(data.Features))
	if err != nil {
		return nil, err
	}
	young, err := model.Linears(&after, columns(data.Features))
	if err != nil {
		return nil, err
	}
	d := len(data.Features)
	p := newProblem(data, old, &opts)
	sp := newSpace(data, old, &opts.tuning)
	halfway := make([]float64, d)
	changes := make([]Change, d)
	for i := range changes {
		// The new ranker may have another scale; the change is told in its own.
		was := old[i].Weight * young[i].Scale / old[i].Scale
		changes[i] = Change{Feature: young[i].Feature, Before: was, After: young[i].Weight}
		halfway[i] = sp.into(i, (was+young[i].Weight)/2*sp.scale[i]/young[i].Scale)
	}

	best := make([][]Push, d)
	total := make([]float64, d)
	var l lambdas
	for q := range p.queries {
		c := &p.queries[q]
		g := &data.Groups[c.source]
		l.size(len(c.rows))
		for r, row := range c.rows {
			x := g.row(int(row), d)
			l.score[r] = 0
			for i, v := range x {
				l.score[r] += halfway[i] * known(v) / sp.spread[i]
			}
		}
		l.exponentials()
		// A pair that counts on both pages is one pair.
		pushes := map[[2]int]float64{}
		var order [][2]int
		p.objective.eachPair(c, &l, func(i, j int, weight float64) {
			pair := [2]int{i, j}
			if _, there := pushes[pair]; !there {
				order = append(order, pair)
			}
			pushes[pair] += l.up(i, j, weight)
		})
		for _, pair := range order {
			push := pushes[pair]
			better, worse := int(c.rows[pair[0]]), int(c.rows[pair[1]])
			a, b := g.row(better, d), g.row(worse, d)
			for f := range changes {
				part := push * (known(a[f]) - known(b[f])) / sp.spread[f]
				if changes[f].After < changes[f].Before {
					part = -part
				}
				if part <= 0 || changes[f].After == changes[f].Before {
					continue
				}
				total[f] += part
				if len(best[f]) == most && (most == 0 || best[f][most-1].Share >= part) {
					continue
				}
				at, _ := slices.BinarySearchFunc(best[f], part, func(p Push, part float64) int { return -compare(p.Share, part) })
				high, _ := g.grade(better)
				low, _ := g.grade(worse)
				best[f] = slices.Insert(best[f], at, Push{
					Query: g.Query, Better: g.Products[better], Worse: g.Products[worse],
					Grades: [2]float64{high, low}, Share: part,
				})
				best[f] = best[f][:min(most, len(best[f]))]
			}
		}
	}
	for f := range changes {
		for i := range best[f] {
			best[f][i].Share /= total[f]
		}
		changes[f].Pushes = best[f]
	}
	return changes, nil
}
