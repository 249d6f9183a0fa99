package learn

import (
	"cmp"
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

	total := make([]float64, d)
	var l lambdas
	for q := range p.queries {
		p.explain(&p.queries[q], halfway, &sp, &l, most, changes, total)
	}
	for f := range changes {
		for i := range changes[f].Pushes {
			changes[f].Pushes[i].Share /= total[f]
		}
	}
	return changes, nil
}

// explain adds what the pairs of one query push each weight by, at weights in the
// coordinates of a space, to the strongest so far and to the totals.
func (p *problem) explain(c *candidates, weights []float64, sp *space, l *lambdas, most int, changes []Change, total []float64) {
	d := len(weights)
	g := &p.data.Groups[c.source]
	l.size(len(c.rows))
	for r, row := range c.rows {
		x := g.row(int(row), d)
		l.score[r] = 0
		for i, v := range x {
			l.score[r] += weights[i] * known(v) / sp.spread[i]
		}
	}
	l.exponentials()
	// A pair that counts on both pages is one pair.
	pushes := map[[2]int]float64{}
	var order [][2]int
	p.objective.eachPair(c, l, func(i, j int, weight float64) {
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
		high, _ := g.grade(better)
		low, _ := g.grade(worse)
		for f := range changes {
			part := push * (known(a[f]) - known(b[f])) / sp.spread[f]
			if changes[f].After < changes[f].Before {
				part = -part
			}
			if part <= 0 || changes[f].After == changes[f].Before {
				continue
			}
			total[f] += part
			changes[f].keep(Push{
				Query: g.Query, Better: g.Products[better], Worse: g.Products[worse],
				Grades: [2]float64{high, low}, Share: part,
			}, most)
		}
	}
}

// keep puts a push among the strongest, at most so many.
func (c *Change) keep(push Push, most int) {
	if n := len(c.Pushes); n == most && (most == 0 || c.Pushes[n-1].Share >= push.Share) {
		return
	}
	at, _ := slices.BinarySearchFunc(c.Pushes, push.Share, func(p Push, share float64) int { return cmp.Compare(share, p.Share) })
	c.Pushes = slices.Insert(c.Pushes, at, push)
	c.Pushes = c.Pushes[:min(most, len(c.Pushes))]
}
