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
	// Rest is each product's score by the ranker in use but for what its cosine
	// adds, and Slope what a cosine of 1 would add: the head is fitted to what that
	// ranker leaves to do. Rest nil: the cosine alone is the score.
	Rest  []float64
	Slope float64
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

// Train learns a head and says in how many epochs; with 0 it changes nothing. The
// result depends on the data, the options and nothing else. With fewer than 5 queries that have a good and a worse product there is
// nothing to tell chance from sense by, and Train says so.
func Train(ctx context.Context, queries []Query, o Options) (head *engine.Head, in int, err error) {
	defer func() { // spago panics where its own limits are reached
		if r := recover(); r != nil {
			head, in, err = nil, 0, fmt.Errorf("fine-tuning: %v\n%s", r, debug.Stack())
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
			return nil, 0, fmt.Errorf("fine-tuning, query %q: %w", q.Text, err)
		}
		if e == nil {
			continue
		}
		if dim == 0 {
			dim = len(q.Vector)
		}
		if len(q.Vector) != dim {
			return nil, 0, fmt.Errorf("fine-tuning, query %q: its vector has %d values, others have %d", q.Text, len(q.Vector), dim)
		}
		examples, useful = append(examples, e), append(useful, q)
	}
	if len(useful) < fewest {
		return nil, 0, fmt.Errorf("fine-tuning needs %d queries with a good product and a worse one; there are %d: grade more queries", fewest, len(useful))
	}
	total := o.Epochs
	if total == 0 {
		total = 2 * epochs
	}
	progress := newProgress(o.Progress, total*len(useful))
	if o.Epochs == 0 {
		if o.Epochs, err = bestEpochs(ctx, examples, useful, dim, o, progress); err != nil {
			return nil, 0, err
		}
	}
	t := newTrainer(dim, o.Seed, o.Rate)
	for range o.Epochs {
		if err := t.epoch(ctx, examples, progress); err != nil {
			return nil, 0, err
		}
	}
	return t.head(), o.Epochs, nil
}

// arrange chooses what a query is compared with; nil when it teaches nothing.
func arrange(q *Query) (*example[float32], error) {
	if len(q.Products) != len(q.Grades) || q.Rest != nil && len(q.Rest) != len(q.Products) {
		return nil, fmt.Errorf("%d products, %d grades and %d scores", len(q.Products), len(q.Grades), len(q.Rest))
	}
	for i, v := range q.Products {
		if v != nil && len(v) != len(q.Vector) {
			return nil, fmt.Errorf("product %d: its vector has %d values, the query's %d", i+1, len(v), len(q.Vector))
		}
	}
	score := q.score()
	if score.sharp == 0 {
		return nil, nil
	}
	var items [][]float32
	var target, weight, rest []float64
	sum, lowest, highest := 0.0, math.Inf(1), math.Inf(-1)
	type near struct {
		product int
		score   float64
	}
	var others []near
	for i, v := range q.Products {
		switch g := q.Grades[i]; {
		case v == nil:
		case math.IsNaN(g):
			others = append(others, near{i, score.of(i, engine.Dot(v, q.Vector))})
		default:
			gain := math.Exp2(g) - 1
			items, target, weight, rest = append(items, v), append(target, gain), append(weight, 1), append(rest, score.of(i, 0))
			sum += gain
			lowest, highest = min(lowest, g), max(highest, g)
		}
	}
	slices.SortStableFunc(others, func(a, b near) int { return cmp.Compare(b.score, a.score) })
	others = others[min(doubted, len(others)):]
	for _, o := range others[:min(hard, len(others))] {
		items, target, weight, rest = append(items, q.Products[o.product]), append(target, 0), append(weight, unjudged), append(rest, score.of(o.product, 0))
	}
	if sum == 0 || lowest == highest && len(items) == len(q.Products) || len(items) < 2 {
		return nil, nil
	}
	for i := range target {
		target[i] /= sum
	}
	return newExample[float32](q.Vector, items, target, weight, rest, score.sharp)
}

// scoring is how a query's products are scored by their cosines.
type scoring struct {
	rest  []float64 // nil: 0 of all
	scale float64   // of rest
	sharp float64   // what a cosine of 1 counts
}

// score is what the ranker in use makes of a query's products, stretched to the
// scale of the softmax. sharp is 0 where the cosine does not count.
func (q *Query) score() scoring {
	if q.Rest == nil {
		return scoring{sharp: 1 / temperature}
	}
	var scores []float64
	for i, v := range q.Products {
		if v != nil {
			scores = append(scores, q.Rest[i]+q.Slope*float64(engine.Dot(v, q.Vector)))
		}
	}
	if len(scores) < 2 {
		return scoring{}
	}
	spread := stat.StdDev(scores, nil)
	if spread < 1e-9 {
		return scoring{}
	}
	return scoring{q.Rest, apart / spread, apart / spread * q.Slope}
}

func (s *scoring) of(product int, cosine float32) float64 {
	score := s.sharp * float64(cosine)
	if s.rest != nil {
		score += s.scale * s.rest[product]
	}
	return score
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
// their products stand in the best order; 0 where no number helps.
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
	before := measured(left, t.head(), o.Metric)
	gains := make([][]float64, epochs+1) // by epoch and query
	gains[0] = make([]float64, len(before))
	for epoch := 1; epoch <= epochs; epoch++ {
		if err := t.epoch(ctx, train, progress); err != nil {
			return 0, err
		}
		gains[epoch] = measured(left, t.head(), o.Metric)
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

// measured is the metric of each query with its products in the order that the
// ranker gives them behind the head: the mean of all products, where an unjudged
// one counts 0, and of the judged alone.
func measured(queries []Query, h *engine.Head, metric measure.Metric) []float64 {
	values := make([]float64, 0, len(queries))
	scratch := make([]float32, h.Rank)
	for _, q := range queries {
		x := slices.Clone(q.Vector)
		Apply(h, x, scratch)
		score := q.score()
		type placed struct{ grade, score float64 }
		var all []placed
		for i, v := range q.Products {
			if v != nil {
				y := slices.Clone(v)
				Apply(h, y, scratch)
				all = append(all, placed{q.Grades[i], score.of(i, engine.Dot(x, y))})
			}
		}
		slices.SortStableFunc(all, func(a, b placed) int { return cmp.Compare(b.score, a.score) })
		var whole, judged []float64
		for _, p := range all {
			whole = append(whole, p.grade)
			if !math.IsNaN(p.grade) {
				judged = append(judged, p.grade)
			}
		}
		values = append(values, (metric.Of(whole, slices.Clone(judged))+metric.Of(judged, slices.Clone(judged)))/2)
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
