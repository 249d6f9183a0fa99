package workbench

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"

	"touchstone/engine"
	"touchstone/engine/measure"
)

// SweepRequest asks what a metric does while one number goes through its range.
// Zero values: the ranker and rules in use, ndcg@10, the whole range in 21 steps.
type SweepRequest struct {
	// Parameter is the name of a feature, whose weight is swept, SweepDepth or
	// SweepFusion.
	Parameter string
	From, To  float64 // of a weight; both 0 is the range of its slider
	Steps     int     // of a weight
	Ranker    *engine.Ranker
	Rules     *RuleSet
	Metric    string
	Seed      int64
}

// What can be swept beside weights.
const (
	SweepDepth  = "depth"  // candidates of each search
	SweepFusion = "fusion" // how both lists are made one, and cut to the usual depth
)

// NoFusion is the label of the point at which all candidates of both lists are
// ranked.
const NoFusion = "none"

// Sweep is the curve of one number. It is drawn twice: over the queries on which
// the best point is chosen, and over others that were left out.
type Sweep struct {
	Parameter    string
	Metric       measure.Metric
	Points       []SweepPoint
	Present      int // of Points: as it is now
	Best         int // of Points: the highest on the queries to choose on
	Chosen, Left int // queries of both kinds
	// OnLeft is the best point against the present one on the left-out queries.
	OnLeft  measure.Comparison
	Verdict measure.Verdict

	ranker *engine.Ranker
}

// SweepPoint is one value and what it comes to.
type SweepPoint struct {
	Label        string  // "0.35", "rrf"
	Value        float64 // of a weight or depth; the place in the list for a fusion
	Chosen, Left float64 // means of the metric

	contender contender
}

// leftOut is every how many queries one is left out of the choice.
const leftOut = 3

var sweptDepths = []int{10, 20, 50, 100, 200, 500, 1000}

// Sweep measures the judged queries at every point. Each query is searched once
// for all weights.
func (b *Bench) Sweep(ctx context.Context, req SweepRequest, progress engine.OnProgress) (*Sweep, error) {
	s := &Sweep{Parameter: req.Parameter, ranker: req.Ranker}
	if s.ranker == nil {
		s.ranker = b.ranker.Load()
	}
	var err error
	if s.Metric, err = b.metric(req.Metric); err != nil {
		return nil, err
	}
	if err := b.sweepPoints(s, req); err != nil {
		return nil, err
	}
	qrels, err := b.qrels()
	if err != nil {
		return nil, err
	}
	chosen, left := engine.Qrels{}, engine.Qrels{}
	for query, grades := range qrels {
		if (hashed(query)+uint64(req.Seed))%leftOut == 0 {
			left[query] = grades
		} else {
			chosen[query] = grades
		}
	}
	contenders := make([]contender, len(s.Points))
	for i := range s.Points {
		contenders[i] = s.Points[i].contender
		contenders[i].rules = req.Rules
	}
	runs, err := b.runs(ctx, contenders, qrels, All, s.Metric.K, progress)
	if err != nil {
		return nil, err
	}
	onLeft := make([]measure.Evaluation, len(runs))
	for i := range s.Points {
		e := s.Metric.Evaluate(runs[i], chosen)
		onLeft[i] = s.Metric.Evaluate(runs[i], left)
		s.Points[i].Chosen, s.Points[i].Left = e.Mean, onLeft[i].Mean
		s.Chosen, s.Left = len(e.Scores), len(onLeft[i].Scores)
	}
	if s.Chosen == 0 {
		return nil, fmt.Errorf("sweep: no judged query has a grade above 0; grade some results first")
	}
	s.choose()
	differences := make([]float64, s.Left)
	for i, score := range onLeft[s.Best].Scores {
		differences[i] = score.Value - onLeft[s.Present].Scores[i].Value
	}
	s.OnLeft = measure.Compare(differences, req.Seed)
	s.Verdict = s.OnLeft.Verdict()
	return s, nil
}

// choose finds the best point; of equal ones the one nearest to the present.
func (s *Sweep) choose() {
	s.Best = s.Present
	for i, p := range s.Points {
		best := s.Points[s.Best].Chosen
		nearer := math.Abs(float64(i-s.Present)) < math.Abs(float64(s.Best-s.Present))
		if p.Chosen > best+1e-12 || p.Chosen > best-1e-12 && nearer {
			s.Best = i
		}
	}
}

// sweepPoints lays the points out, the present value among them.
func (b *Bench) sweepPoints(s *Sweep, req SweepRequest) error {
	switch req.Parameter {
	case SweepDepth:
		present := cmp.Or(b.store.Settings().Depth, defaultDepth)
		depths := slices.Clone(sweptDepths)
		if !slices.Contains(depths, present) {
			depths = append(depths, present)
			slices.Sort(depths)
		}
		for i, d := range depths {
			if d == present {
				s.Present = i
			}
			s.Points = append(s.Points, SweepPoint{Label: strconv.Itoa(d), Value: float64(d), contender: contender{ranker: s.ranker, depth: d}})
		}
		return nil
	case SweepFusion:
		settings := b.store.Settings()
		for i, f := range append([]engine.Fusion{""}, engine.Fusions...) {
			if f == settings.Fusion {
				s.Present = i
			}
			// The contender says its depth, so that "" means all, not what is set.
			s.Points = append(s.Points, SweepPoint{Label: cmp.Or(string(f), NoFusion), Value: float64(i),
				contender: contender{ranker: s.ranker, fusion: f, depth: cmp.Or(settings.Depth, defaultDepth)}})
		}
		return nil
	}
	present, err := b.withWeight(s.ranker, req.Parameter, s.ranker.Weight(req.Parameter))
	if err != nil {
		return fmt.Errorf("sweep: %w; or sweep %s or %s", err, SweepDepth, SweepFusion)
	}
	now := present.Weight(req.Parameter)
	from, to := req.From, req.To
	if from == 0 && to == 0 {
		from, to = b.weightRange(req.Parameter, now)
	}
	if !(from < to) || math.IsInf(from, 0) || math.IsInf(to, 0) {
		return fmt.Errorf("sweep: from %g to %g is no range", from, to)
	}
	steps := cmp.Or(req.Steps, 21)
	if steps < 2 || steps > 1000 {
		return fmt.Errorf("sweep: %d steps are not between 2 and 1000", steps)
	}
	values := []float64{now}
	for i := range steps {
		if v := from + (to-from)*float64(i)/float64(steps-1); math.Abs(v-now) > (to-from)*1e-9 {
			values = append(values, v)
		}
	}
	slices.Sort(values)
	for i, v := range values {
		if v == now {
			s.Present = i
		}
		r, err := b.withWeight(s.ranker, req.Parameter, v)
		if err != nil {
			return err
		}
		s.Points = append(s.Points, SweepPoint{Label: strconv.FormatFloat(math.Round(v*1000)/1000, 'g', -1, 64), Value: v, contender: contender{ranker: &r}})
	}
	return nil
}

// weightRange is what a feature's slider offers.
func (b *Bench) weightRange(feature string, now float64) (from, to float64) {
	reach := max(1, 2*math.Abs(now))
	i := slices.IndexFunc(b.Features(), func(f engine.Feature) bool { return f.Name == feature })
	sign := 0
	if i >= 0 {
		sign = b.Features()[i].Sign
	}
	switch {
	case sign > 0 && now >= 0:
		return 0, reach
	case sign < 0 && now <= 0:
		return -reach, 0
	}
	return -reach, reach
}

// Sentence says what a sweep found.
func (s *Sweep) Sentence() string {
	best, now := &s.Points[s.Best], &s.Points[s.Present]
	if s.Best == s.Present {
		return fmt.Sprintf("%s is best as it is, %s: %s %.4f over %d queries", s.Parameter, now.Label, s.Metric.Label(), now.Chosen, s.Chosen)
	}
	verdict := map[measure.Verdict]string{measure.Better: "better", measure.Worse: "worse", measure.NoDifference: "no difference shown"}[s.Verdict]
	return fmt.Sprintf("%s %s instead of %s: %s %.4f → %.4f over %d queries; %.4f → %.4f on %d that were left out (%s, p %s)", s.Parameter,
		best.Label, now.Label, s.Metric.Label(), now.Chosen, best.Chosen, s.Chosen, now.Left, best.Left, s.Left, verdict, measure.Chance(s.OnLeft.P))
}

// Take makes a point of a sweep what searches do from now on.
func (b *Bench) Take(s *Sweep, point int) error {
	if point < 0 || point >= len(s.Points) {
		return fmt.Errorf("sweep: there is no point %d", point)
	}
	p := &s.Points[point]
	if s.Parameter != SweepDepth && s.Parameter != SweepFusion {
		_, err := b.useBecause(*p.contender.ranker, s.Sentence())
		return err
	}
	return b.change("take the best point", func() error {
		settings := b.store.Settings()
		if s.Parameter == SweepDepth {
			settings.Depth = p.contender.depth
		} else {
			settings.Fusion = p.contender.fusion
		}
		return b.store.PutSettings(settings)
	})
}
