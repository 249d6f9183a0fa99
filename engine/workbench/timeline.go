package workbench

import (
	"context"
	"fmt"
	"slices"
	"time"

	"touchstone/engine"
	"touchstone/engine/rank"
)

// Moment is one entry of the timeline: a ranker that was adopted, a snapshot
// that was taken, a change of rules.
type Moment struct {
	Time   time.Time
	Kind   MomentKind
	Name   string // as Side reads it: "learned@3", "snapshot:before spring"; "rules 7" for a change of rules
	Of     string // as people read it: "learned v3", "before spring", "7"
	Why    string
	Now    bool               // the ranker in use
	Scored bool               // Score means something
	Score  float64            // on the judged queries as they are today, NDCG@10
	Change *engine.RuleChange // of rules; nil otherwise
	// Foreign marks a snapshot that another program made: there is no way back to it.
	Foreign bool
}

// MomentKind is what happened.
type MomentKind string

// The kinds of moments.
const (
	RankerMoment   MomentKind = "ranker"
	SnapshotMoment MomentKind = "snapshot"
	RulesMoment    MomentKind = "rules"
)

// Timeline lists what decided over the ranking, newest first, every ranker and
// snapshot measured by the grades of today.
func (b *Bench) Timeline(ctx context.Context, progress engine.OnProgress) ([]Moment, error) {
	rankers, err := b.store.Rankers()
	if err != nil {
		return nil, err
	}
	snapshots, err := b.Snapshots()
	if err != nil {
		return nil, err
	}
	qrels, err := b.qrels()
	if err != nil {
		return nil, err
	}
	metric, err := b.metric(defaultMetric)
	if err != nil {
		return nil, err
	}
	var contenders []contender
	var moments []Moment
	now := b.ranker.Load()
	for i := range rankers {
		r := &rankers[i]
		m := Moment{Time: r.Made.Time, Kind: RankerMoment, Name: sideName(r), Of: rankerLabel(r), Why: rankerWhy(r), Now: r.Name == now.Name && r.Version == now.Version}
		if _, err := rank.NewScorer(r); err == nil { // one of a newer Touchstone keeps its place, without a score
			contenders = append(contenders, contender{ranker: r})
			m.Scored = len(qrels) > 0
		}
		moments = append(moments, m)
	}
	runs, err := b.runs(ctx, contenders, qrels, All, metric.K, progress)
	if err != nil {
		return nil, err
	}
	for i := range moments {
		if moments[i].Scored {
			moments[i].Score, runs = metric.Evaluate(runs[0], qrels).Mean, runs[1:]
		}
	}
	for i := range snapshots {
		s := &snapshots[i]
		held, _ := s.within(qrels)
		moments = append(moments, Moment{Time: s.Time, Kind: SnapshotMoment, Name: snapshotPrefix + s.Name, Of: s.Name, Why: s.whence(), Foreign: s.File != "", Scored: len(held) > 0, Score: metric.Evaluate(s.Runs, held).Mean})
	}
	changes, err := b.RuleHistory(mostRuleMoments)
	if err != nil {
		return nil, err
	}
	for _, c := range changes {
		moments = append(moments, Moment{Time: c.Time, Kind: RulesMoment, Name: fmt.Sprintf("rules %d", c.Seq), Of: fmt.Sprint(c.Seq), Why: changeText(&c), Change: &c})
	}
	slices.SortStableFunc(moments, func(x, y Moment) int { return y.Time.Compare(x.Time) })
	return moments, nil
}

// mostRuleMoments is how many changes of rules a timeline shows.
const mostRuleMoments = 100

// rankerWhy is the reason for which a ranker was adopted, as far as it is known.
func rankerWhy(r *engine.Ranker) string {
	switch {
	case r.Made.Why != "":
		return r.Made.Why
	case r.Made.Judgments > 0:
		return fmt.Sprintf("learned from %d grades: %.3f → %.3f on queries left out of the fit", r.Made.Judgments, r.Made.Before, r.Made.After)
	case r.Made.From != "":
		return fmt.Sprintf("set by hand, from %s", r.Made.From)
	}
	return ""
}

func changeText(c *engine.RuleChange) string {
	author := c.Author
	if author != "" {
		author += ": "
	}
	switch {
	case c.Undoes != 0:
		return fmt.Sprintf("%stakes back change %d", author, c.Undoes)
	case len(c.After) == 1:
		return author + RuleText(&c.After[0])
	case len(c.After) == 0 && len(c.Before) == 1:
		return author + "removes " + RuleText(&c.Before[0])
	}
	return fmt.Sprintf("%s%d rules put, %d that stood before", author, len(c.After), len(c.Before))
}

// GoBack makes an earlier ranker the one in use again: it becomes the newest
// version of its name, so that nothing is lost on the way back either. A
// snapshot leads to the ranker that it was taken by.
func (b *Bench) GoBack(name, why string) (engine.Ranker, error) {
	side, err := b.Side(name)
	if err != nil {
		return engine.Ranker{}, err
	}
	if why == "" {
		why = fmt.Sprintf("back to %s", name)
	}
	return b.AdoptSide(side, why)
}

// AdoptSide makes what a side ranks by what searches do: its ranker as the next
// version of its name, its rules as the set in use, its encoder.
func (b *Bench) AdoptSide(side Side, why string) (engine.Ranker, error) {
	ranker := side.Ranker
	if side.Snapshot != nil {
		var err error
		if ranker, err = side.Snapshot.ranker(); err != nil {
			return engine.Ranker{}, err
		}
	}
	if side.Encoder != "" {
		if err := b.adoptEncoder(side.Encoder); err != nil {
			return engine.Ranker{}, err
		}
	}
	if side.Rules != nil {
		if err := b.UseRules(side.Rules.Name); err != nil {
			return engine.Ranker{}, err
		}
	}
	if side.Depth != 0 || side.Fusion != "" {
		err := b.change("adopt", func() error {
			settings := b.store.Settings()
			settings.Depth, settings.Fusion = side.Depth, side.Fusion
			return b.store.PutSettings(settings)
		})
		if err != nil {
			return engine.Ranker{}, err
		}
	}
	if ranker == nil {
		return b.Ranker(), nil
	}
	return b.useBecause(*ranker, why)
}

// useBecause stores a ranker as the next version of its name, with the reason,
// and ranks by it from now on.
func (b *Bench) useBecause(r engine.Ranker, why string) (engine.Ranker, error) {
	var used engine.Ranker
	err := b.change("use the weights", func() (err error) {
		if r.Made.From == "" || r.Made.Judgments == 0 {
			r.Made.From = r.Label()
		}
		r.Made.Time, r.Made.Why = time.Now().UTC(), why
		used, err = b.use(r)
		return err
	})
	return used, err
}
