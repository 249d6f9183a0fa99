package tune

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime/debug"
	"slices"
	"time"

	"github.com/nlpodyssey/spago/ag"
	"github.com/nlpodyssey/spago/mat"
	"github.com/nlpodyssey/spago/nn"
	"github.com/nlpodyssey/spago/optimizers/adam"
	"gonum.org/v1/gonum/stat"

	"touchstone/engine"
	"touchstone/engine/measure"
)

// Query is a judged query with its candidates.
type Query struct {
	Text     string
	Vector   []float32   // unit length
	Products [][]float32 // unit length; nil where there is none
	Grades   []float64   // one a product; NaN where nobody has judged
}

// Options say how to tune; zero values are the defaults.
type Options struct {
	Seed     int64
	Epochs   int     // 0: found out on queries left out within the data
	Rate     float64 // of AdamW; 0: 1e-4
	Metric   measure.Metric
	Progress engine.OnProgress
}

// Hyper-parameters: first guesses within what is usual. The rate is the one that
// was adopted on the English sample, by one seed; at ten times that the
// electronics catalogue's left-out queries got worse. The number of epochs is
// found out from the data of each fit.
const (
	rank      = 32
	usualRate = 1e-4
	decay     = 0.01 // AdamW's, toward a head that changes nothing
	epochs    = 16   // at most
	leftOut   = 4    // one query of so many is left out to find out how many
	hard      = 40   // unjudged candidates a query, the nearest to it first
	doubted   = 5    // the nearest unjudged candidates are left out: they may be good
	unjudged  = 0.3  // what an unjudged candidate counts among the others
	fewest    = 5    // queries
)

// Train learns a head. The result depends on the data, the seed and nothing
// else. With fewer than 5 queries that have a good and a worse product there is
// nothing to tell chance from sense by, and Train says so.
func Train(ctx context.Context, queries []Query, o Options) (head *engine.Head, err error) {
	defer func() { // spago panics where its own limits are reached
		if r := recover(); r != nil {
			head, err = nil, fmt.Errorf("fine-tuning: %v\n%s", r, debug.Stack())
		}
	}()
	if o.Rate == 0 {
		o.Rate = usualRate
	}
	if o.Metric.Kind == "" {
		o.Metric = measure.Metric{Kind: measure.NDCG, K: 10}
	}
	dim := 0
	examples := make([]*example[float32], 0, len(queries))
	var useful []Query
	for _, q := range queries {
		e, err := arrange(&q)
		if err != nil {
			return nil, fmt.Errorf("fine-tuning, query %q: %w", q.Text, err)
		}
		if e == nil {
			continue
		}
		if dim == 0 {
			dim = len(q.Vector)
		}
		if len(q.Vector) != dim {
			return nil, fmt.Errorf("fine-tuning, query %q: its vector has %d values, others have %d", q.Text, len(q.Vector), dim)
		}
		examples, useful = append(examples, e), append(useful, q)
	}
	if len(useful) < fewest {
		return nil, fmt.Errorf("fine-tuning needs %d queries with a good product and a worse one; there are %d: grade more queries", fewest, len(useful))
	}
	total := o.Epochs
	if total == 0 {
		total = 2 * epochs
	}
	progress := newProgress(o.Progress, total*len(useful))
	if o.Epochs == 0 {
		if o.Epochs, err = bestEpochs(ctx, examples, useful, dim, o, progress); err != nil {
			return nil, err
		}
	}
	t := newTrainer(dim, o.Seed, o.Rate)
	for range o.Epochs {
		if err := t.epoch(ctx, examples, progress); err != nil {
			return nil, err
		}
	}
	return t.head(), nil
}

// arrange chooses what a query is compared with; nil when it teaches nothing.
func arrange(q *Query) (*example[float32], error) {
	if len(q.Products) != len(q.Grades) {
		return nil, fmt.Errorf("%d products and %d grades", len(q.Products), len(q.Grades))
	}
	var items [][]float32
	var target, weight []float64
	sum, lowest, highest := 0.0, math.Inf(1), math.Inf(-1)
	type near struct {
		vector []float32
		cosine float32
	}
	var others []near
	for i, v := range q.Products {
		switch g := q.Grades[i]; {
		case v == nil:
		case len(v) != len(q.Vector):
			return nil, fmt.Errorf("product %d: its vector has %d values, the query's %d", i+1, len(v), len(q.Vector))
		case math.IsNaN(g):
			others = append(others, near{v, dot(v, q.Vector)})
		default:
			gain := math.Exp2(g) - 1
			items, target, weight = append(items, v), append(target, gain), append(weight, 1)
			sum += gain
			lowest, highest = min(lowest, g), max(highest, g)
		}
	}
	slices.SortStableFunc(others, func(a, b near) int { return cmp.Compare(b.cosine, a.cosine) })
	others = others[min(doubted, len(others)):]
	for _, o := range others[:min(hard, len(others))] {
		items, target, weight = append(items, o.vector), append(target, 0), append(weight, unjudged)
	}
	if sum == 0 || lowest == highest && len(items) == len(q.Products) || len(items) < 2 {
		return nil, nil
	}
	for i := range target {
		target[i] /= sum
	}
	return newExample[float32](q.Vector, items, target, weight)
}

// trainer is a head on its way.
type trainer struct {
	dim      int
	down, up *nn.Param
	adam     *adam.Adam
	rng      *rand.Rand
}

// newTrainer begins with a head that changes nothing: Up is 0, Down is random.
func newTrainer(dim int, seed int64, rate float64) *trainer {
	rng := rand.New(rand.NewPCG(uint64(seed), 4))
	down := make([]float32, rank*dim)
	for i := range down {
		down[i] = float32(rng.NormFloat64() / math.Sqrt(float64(dim)))
	}
	return &trainer{
		dim:  dim,
		down: nn.NewParam(mat.NewDense[float32](mat.WithShape(rank, dim), mat.WithBacking(down))),
		up:   nn.NewParam(mat.NewDense[float32](mat.WithShape(dim, rank))),
		adam: adam.New(adam.NewAdamWConfig(rate, 0.9, 0.999, 1e-8, decay)),
		rng:  rng,
	}
}

// epoch goes over all examples once, one a step, in an order of its own.
func (t *trainer) epoch(ctx context.Context, examples []*example[float32], progress *progress) error {
	for _, i := range t.rng.Perm(len(examples)) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := ag.Backward(examples[i].loss(t.down, t.up)); err != nil {
			return fmt.Errorf("fine-tuning: %w", err)
		}
		for _, p := range []*nn.Param{t.down, t.up} {
			if err := t.adam.OptimizeParams(p); err != nil {
				return fmt.Errorf("fine-tuning: %w", err)
			}
		}
		t.adam.IncExample()
		progress.step()
	}
	return nil
}

func (t *trainer) head() *engine.Head {
	values := func(p *nn.Param) []float32 {
		return slices.Clone(mat.Data[float32](p.Value().(mat.Matrix)))
	}
	return &engine.Head{Dim: t.dim, Rank: rank, Down: values(t.down), Up: values(t.up)}
}

// bestEpochs trains without one query in four and counts after how many epochs
// their products stand in the best order by cosine; 0 where no number helps.
func bestEpochs(ctx context.Context, examples []*example[float32], queries []Query, dim int, o Options, progress *progress) (int, error) {
	order := rand.New(rand.NewPCG(uint64(o.Seed), 5)).Perm(len(queries))
	var train []*example[float32]
	var left []Query
	for place, i := range order {
		if place%leftOut == 0 {
			left = append(left, queries[i])
		} else {
			train = append(train, examples[i])
		}
	}
	t := newTrainer(dim, o.Seed, o.Rate)
	before := byCosine(left, t.head(), o.Metric)
	gains := make([][]float64, epochs+1) // by epoch and query
	gains[0] = make([]float64, len(before))
	for epoch := 1; epoch <= epochs; epoch++ {
		if err := t.epoch(ctx, train, progress); err != nil {
			return 0, err
		}
		gains[epoch] = byCosine(left, t.head(), o.Metric)
		for q := range before {
			gains[epoch][q] -= before[q]
		}
	}
	best := 0
	for epoch, g := range gains {
		if stat.Mean(g, nil) > stat.Mean(gains[best], nil) {
			best = epoch
		}
	}
	// The fewest epochs that are not clearly worse than the best, none where the
	// best is not clearly better than that: clearly is one standard error (Breiman
	// et al. 1984, section 3.4.3).
	mean, deviation := stat.MeanStdDev(gains[best], nil)
	bar := mean - deviation/math.Sqrt(float64(len(before)))
	for epoch := range best {
		if stat.Mean(gains[epoch], nil) >= bar {
			return epoch, nil
		}
	}
	return best, nil
}

// byCosine is the metric of each query with its judged products in the order
// of their cosines behind the head.
func byCosine(queries []Query, h *engine.Head, metric measure.Metric) []float64 {
	values := make([]float64, 0, len(queries))
	scratch := make([]float32, h.Rank)
	for _, q := range queries {
		x := slices.Clone(q.Vector)
		Apply(h, x, scratch)
		type judged struct {
			grade  float64
			cosine float32
		}
		var all []judged
		for i, v := range q.Products {
			if v != nil && !math.IsNaN(q.Grades[i]) {
				y := slices.Clone(v)
				Apply(h, y, scratch)
				all = append(all, judged{q.Grades[i], dot(x, y)})
			}
		}
		slices.SortStableFunc(all, func(a, b judged) int { return cmp.Compare(b.cosine, a.cosine) })
		grades := make([]float64, len(all))
		for i, j := range all {
			grades[i] = j.grade
		}
		values = append(values, metric.Of(grades, slices.Clone(grades)))
	}
	return values
}

// progress reports steps with the time that is left.
type progress struct {
	to          engine.OnProgress
	done, total int
	start       time.Time
}

func newProgress(to engine.OnProgress, total int) *progress {
	return &progress{to: to, total: total, start: time.Now()}
}

func (p *progress) step() {
	p.done++
	left := time.Duration(0)
	if p.done > 5 && p.done < p.total {
		left = time.Since(p.start) / time.Duration(p.done) * time.Duration(p.total-p.done)
	}
	p.to.Report(engine.Progress{Stage: "fine-tuning", Done: min(p.done, p.total), Total: p.total, Left: left})
}
