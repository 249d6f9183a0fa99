package workbench

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"touchstone/engine"
	"touchstone/engine/learn"
	"touchstone/engine/learn/tune"
	"touchstone/engine/model"
	"touchstone/engine/rank"
)

// tunedName is the name of the heads that a workspace makes.
const tunedName = "tuned"

// tuneFolds are the parts into which queries are dealt to check a tuned encoder.
const tuneFolds = 5

// Tuned is what came of fine-tuning: an encoder that was adopted, or why the old
// one stays.
type Tuned struct {
	Head    engine.Head // the new one, adopted or not
	Before  learn.Scores
	After   learn.Scores // on queries left out of the fit, with the ranker in use
	Better  []string
	Worse   []string
	Equal   int
	Grades  int
	Adopted bool
	Why     string
	Seconds float64
}

// FineTune learns a head for the encoder from the grades and adopts it when
// queries left out of the fit do not get worse, in the whole search and with
// the ranker in use. Until then searches go on with the old vectors. A backup
// is kept before anything changes.
func (b *Bench) FineTune(ctx context.Context, seed int64, progress engine.OnProgress) (*Tuned, error) {
	var tuned *Tuned
	err := b.change("fine-tune", func() (err error) {
		tuned, err = b.fineTune(ctx, seed, progress)
		return err
	})
	return tuned, err
}

func (b *Bench) fineTune(ctx context.Context, seed int64, progress engine.OnProgress) (*Tuned, error) {
	start := time.Now()
	now := b.view.Load()
	if now.base == nil || now.index.Encoded() == 0 {
		return nil, errors.New("fine-tune: the products have no vectors yet; import a catalogue and let it be encoded")
	}
	if settings := b.store.Settings(); settings.source() != "" {
		return nil, errors.New("fine-tune: the products' vectors lie in another engine; take the catalogue home first")
	}
	qrels, err := b.qrels()
	if err != nil {
		return nil, err
	}
	shipped, err := now.behind(nil)
	if err != nil {
		return nil, err
	}
	queries, err := b.tuneQueries(ctx, shipped, qrels, progress)
	if err != nil {
		return nil, err
	}
	metric, err := b.metric(defaultMetric)
	if err != nil {
		return nil, err
	}
	before, err := b.scoreQueries(ctx, now, qrels, names(queries))
	if err != nil {
		return nil, err
	}

	parts := newParts(tuneFolds+1, progress)
	folds, err := b.tuneLeavingOut(ctx, queries, qrels, shipped, before, tune.Options{Seed: seed, Metric: metric}, parts)
	if err != nil {
		return nil, err
	}
	v := &learn.Validation{}
	for _, f := range folds {
		v.Held = append(v.Held, f.held...)
	}
	grades := 0
	for _, q := range queries {
		grades += len(qrels[q.Text])
	}
	// What is adopted is learned from all queries for as long as those that were
	// checked: the median of what the folds found out.
	order := slices.Clone(folds)
	slices.SortStableFunc(order, func(a, b tunedFold) int { return a.epochs - b.epochs })
	head, usual := order[tuneFolds/2].head, order[tuneFolds/2].epochs
	if usual > 0 {
		if head, _, err = tune.Train(ctx, queries, tune.Options{Seed: seed, Metric: metric, Epochs: usual, Progress: parts.of(tuneFolds)}); err != nil {
			return nil, err
		}
	}
	d := learn.Decide(v, grades, usual > 0)
	head.Name, head.Base = tunedName, now.base.Name()
	head.Made = engine.Provenance{
		Time: time.Now().UTC(), From: now.encoder.Name(), Seed: seed, Metric: metric.String(), Judgments: grades, Queries: len(queries),
		Before: v.Before().Whole, After: v.After().Whole,
	}
	t := &Tuned{Head: *head, Before: v.Before(), After: v.After(), Better: d.Better, Worse: d.Worse, Equal: d.Equal, Grades: grades, Adopted: d.Adopt, Why: d.Why}
	if d.Adopt {
		if err := b.keepBackup(ctx, "adopt"); err != nil {
			return nil, err
		}
		if t.Head, err = b.store.PutHead(*head); err != nil {
			return nil, err
		}
		if err := b.useHead(&t.Head); err != nil {
			return nil, err
		}
	}
	t.Seconds = time.Since(start).Seconds()
	return t, nil
}

// tunedFold is a head that was learned without a fifth of the queries.
type tunedFold struct {
	head   *engine.Head
	epochs int          // as it found out
	held   []learn.Held // the queries left out, by the whole search
}

// tuneLeavingOut learns a head without each fold of the queries, which finds out for
// how long, and measures it on them.
func (b *Bench) tuneLeavingOut(ctx context.Context, queries []tune.Query, qrels engine.Qrels, shipped *view, before map[string]learn.Scores, o tune.Options, parts *parts) ([]tunedFold, error) {
	fold := make(map[string]int, len(queries))
	for place, i := range rand.New(rand.NewPCG(uint64(o.Seed), 6)).Perm(len(queries)) {
		fold[queries[i].Text] = place % tuneFolds
	}
	folds := make([]tunedFold, tuneFolds)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for f := range folds {
		group.Go(func() error {
			own, now := o, &folds[f]
			own.Progress = parts.of(f)
			train := slices.DeleteFunc(slices.Clone(queries), func(q tune.Query) bool { return fold[q.Text] == f })
			var err error
			if now.head, now.epochs, err = tune.Train(ctx, train, own); err != nil {
				return err
			}
			v, err := shipped.behind(now.head)
			if err != nil {
				return err
			}
			left := slices.DeleteFunc(names(queries), func(q string) bool { return fold[q] != f })
			after, err := b.scoreQueries(ctx, v, qrels, left)
			for _, q := range left {
				if a, ok := after[q]; ok {
					now.held = append(now.held, learn.Held{Query: q, Grades: len(qrels[q]), Fold: f, Before: before[q], After: a})
				}
			}
			return err
		})
	}
	return folds, group.Wait()
}

func names(queries []tune.Query) []string {
	out := make([]string, len(queries))
	for i, q := range queries {
		out[i] = q.Text
	}
	return out
}

// Encoders lists the heads that were made, oldest first, and the one in use as
// NAME@VERSION, "" for the shipped encoder.
func (b *Bench) Encoders() (heads []engine.Head, used string, err error) {
	heads, err = b.store.Heads()
	if e, ok := b.view.Load().encoder.(*tunedEncoder); ok {
		used = e.head.Versioned()
	}
	return heads, used, err
}

// UseEncoder searches with a stored head, NAME@VERSION, or with the shipped
// encoder, "", from now on.
func (b *Bench) UseEncoder(name string) error {
	return b.change("use an encoder", func() error {
		if name == "" {
			return b.useHead(nil)
		}
		heads, err := b.store.Heads()
		if err != nil {
			return err
		}
		for i := range heads {
			if heads[i].Versioned() == name {
				if base := b.view.Load().base; base == nil || heads[i].Base != base.Name() {
					return fmt.Errorf("use an encoder: %s was made for %s, which is not the encoder of this workspace", name, heads[i].Base)
				}
				return b.useHead(&heads[i])
			}
		}
		return fmt.Errorf("use an encoder: there is no %q", name)
	})
}

// useHead makes the view first: a head that cannot be used changes nothing.
func (b *Bench) useHead(head *engine.Head) error {
	next, err := b.view.Load().behind(head)
	if err != nil {
		return err
	}
	settings := b.store.Settings()
	settings.Head = ""
	if head != nil {
		settings.Head = head.Versioned()
	}
	if err := b.store.PutSettings(settings); err != nil {
		return err
	}
	b.view.Store(next)
	return nil
}

// tuneQueries gathers the vectors of every judged query with something good,
// and of its candidates, with what the ranker in use makes of them.
func (b *Bench) tuneQueries(ctx context.Context, v *view, qrels engine.Qrels, progress engine.OnProgress) ([]tune.Query, error) {
	scorer, err := model.New(b.ranker.Load(), columns())
	if err != nil {
		return nil, err
	}
	linear, err := model.Linears(b.ranker.Load(), columns())
	if err != nil {
		return nil, err
	}
	of := linear[slices.Index(columns(), cosineFeature)]
	counts, scale := of.Weight, of.Scale
	var judged []string
	for _, query := range slices.Sorted(maps.Keys(qrels)) {
		for _, grade := range qrels[query] {
			if grade > 0 {
				judged = append(judged, query)
				break
			}
		}
	}
	return eachQuery(ctx, "searching the judged queries", judged, progress, func(ctx context.Context, query string) (tune.Query, error) {
		p, err := v.pool(ctx, poolRequest{query: query, include: slices.Sorted(maps.Keys(qrels[query]))})
		if err != nil {
			return tune.Query{}, err
		}
		q := tune.Query{Text: query, Vector: p.ask.Vector}
		for i := range p.items {
			grade, ok := qrels[query][p.items[i].Product]
			if !ok {
				grade = engine.Grade(notGraded)
			}
			vector := v.index.Vector(p.items[i].Row)
			if len(vector) == 0 {
				vector = nil
			}
			q.Products, q.Grades = append(q.Products, slices.Clone(vector)), append(q.Grades, float64(grade))
		}
		q.Rest, q.Slope = restOf(p, scorer, counts/scale)
		return q, nil
	})
}

// restOf is each candidate's score but for what its cosine adds, and what a
// cosine of 1 would add; weight is that of the feature, by the ranker in use. Nil
// where the ranker does not go by the cosine: then it alone is to be tuned.
func restOf(p *pool, m model.Model, weight float64) (rest []float64, slope float64) {
	if weight <= 0 {
		return nil, 0
	}
	column := slices.Index(columns(), cosineFeature)
	nearest := 0
	for i := range p.items {
		if p.items[i].Cosine > p.items[nearest].Cosine {
			nearest = i
		}
	}
	// The feature is a straight line that reaches 1 at a cosine of 1; 0 for the
	// nearest candidate says that the query has no meaning to compare.
	if len(p.items) > 0 {
		cosine, value := float64(p.items[nearest].Cosine), p.features.Row(nearest)[column]
		if value > 0 && cosine < 1 {
			slope = weight * (1 - value) / (1 - cosine)
		}
	}
	rest = make([]float64, len(p.items))
	for i := range rest {
		rest[i] = m.Score(p.features.Row(i)) - slope*float64(p.items[i].Cosine)
	}
	return rest, slope
}

// cosineFeature is the feature that a head changes.
const cosineFeature = "cosine"

func columns() []string {
	var names []string
	for _, f := range rank.Features() {
		names = append(names, f.Name)
	}
	return names
}

// scoreQueries measures the ranker in use on some queries in a view; queries
// that can't be measured are left out.
func (b *Bench) scoreQueries(ctx context.Context, v *view, qrels engine.Qrels, queries []string) (map[string]learn.Scores, error) {
	metric, err := b.metric(defaultMetric)
	if err != nil {
		return nil, err
	}
	m, err := model.New(b.ranker.Load(), columns())
	if err != nil {
		return nil, err
	}
	scores := make(map[string]learn.Scores, len(queries))
	d := len(columns())
	for _, query := range queries {
		g, err := v.group(ctx, query, qrels[query])
		if err != nil {
			return nil, err
		}
		of := make([]float64, len(g.Products))
		for r := range of {
			of[r] = m.Score(g.X[r*d : (r+1)*d])
		}
		if s, ok := g.Measure(of, metric); ok {
			scores[query] = s
		}
	}
	return scores, nil
}

// parts adds up the progress of tasks that run at once.
type parts struct {
	mu    sync.Mutex
	to    engine.OnProgress
	done  []float64 // share of each
	start time.Time
}

func newParts(n int, to engine.OnProgress) *parts {
	return &parts{to: to, done: make([]float64, n), start: time.Now()}
}

func (p *parts) of(i int) engine.OnProgress {
	return func(report engine.Progress) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.done[i] = float64(report.Done) / float64(max(1, report.Total))
		sum := 0.0
		for _, d := range p.done {
			sum += d
		}
		share := sum / float64(len(p.done))
		left := time.Duration(0)
		if share > 0.02 {
			left = time.Duration(float64(time.Since(p.start)) * (1 - share) / share)
		}
		p.to.Report(engine.Progress{Stage: report.Stage, Done: int(1000 * share), Total: 1000, Left: left})
	}
}
