package workbench

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"touchstone/engine"
	"touchstone/engine/exchange"
	"touchstone/engine/learn"
	"touchstone/engine/rank"
)

// Point is what learning from a part of the queries brings.
type Point = learn.Point

// Curve is learning from ever more of the judged queries.
type Curve = learn.Curve

// ExportRanker writes a ranker in one of exchange.RankerFormats.
func (b *Bench) ExportRanker(r engine.Ranker, format, file string) error {
	return exchange.WriteRanker(file, format, r)
}

// ImportRanker reads a ranker in any of exchange.RankerFormats and stores it under a name
// of its own ("" takes the file's), not yet in use. Features are of roles, not
// of columns, so a ranker from another catalogue starts here as it is; the notes
// say which of its features this catalogue has nothing for. No grade of this
// workspace made it, so it can be the prior that learning starts from.
func (b *Bench) ImportRanker(_ context.Context, file, name string) (r engine.Ranker, notes []string, err error) {
	if r, err = exchange.ReadRanker(file); err != nil {
		return r, nil, err
	}
	if _, err := rank.NewScorer(&r); err != nil {
		return r, nil, fmt.Errorf("%s: %w", file, err)
	}
	from := fmt.Sprintf("%s of %s", r.Label(), filepath.Base(file))
	if n := r.Made.Judgments; n > 0 {
		from += fmt.Sprintf(", learned from %d grades (data %s)", n, cmp.Or(r.Made.DataHash, "unknown"))
	}
	if name != "" {
		r.Name = name
	}
	if r.Name == "" || slices.Contains(append(baselines, rank.Default().Name, learnedName), r.Name) {
		r.Name = "imported"
	}
	r.Made = engine.Provenance{Time: time.Now().UTC(), From: from, Seed: r.Made.Seed, Metric: r.Made.Metric}
	if missing := b.without(&r); len(missing) > 0 {
		notes = append(notes, "This catalogue has nothing for: "+strings.Join(missing, ", ")+". They are 0 for every product.")
	}
	err = b.change("import a ranker", func() (err error) {
		r, err = b.store.PutRanker(r)
		return err
	})
	return r, notes, err
}

// without lists the labels of features that a ranker weighs and whose role no
// column of the catalogue has.
func (b *Bench) without(r *engine.Ranker) []string {
	needs := map[string]engine.Role{
		"bm25_brand": engine.RoleBrand, "brand_match": engine.RoleBrand, "bm25_category": engine.RoleCategory,
		"category_match": engine.RoleCategory, "bm25_description": engine.RoleDescription, "bm25_attributes": engine.RoleAttribute,
		"price": engine.RolePrice, "freshness": engine.RoleDate, "popularity": engine.RolePopularity, "rating": engine.RoleRating,
	}
	has := map[engine.Role]bool{}
	for _, f := range b.store.Settings().Catalogue.Fields {
		has[f.Role] = true
	}
	var missing []string
	for _, f := range b.Features() {
		if role, ok := needs[f.Name]; ok && !has[role] && (r.Kind != engine.Linear && slices.ContainsFunc(r.Weights, func(w engine.Weight) bool { return w.Feature == f.Name }) || r.Weight(f.Name) != 0) {
			missing = append(missing, f.Label)
		}
	}
	return missing
}

// Adopt ranks with a stored ranker from now on, named as for Named. An older
// version becomes the newest again.
func (b *Bench) Adopt(name string) (engine.Ranker, error) {
	r, err := b.Named(name)
	if err != nil {
		return r, err
	}
	var used engine.Ranker
	err = b.change("use a ranker", func() (err error) {
		newest := r
		if r.Version > 0 {
			if newest, err = b.Named(r.Name); err != nil {
				return err
			}
		}
		if r.Version == 0 || r.Name == rank.Default().Name || newest.Version != r.Version {
			if r.Made.From == "" {
				r.Made = engine.Provenance{From: r.Label()}
			}
			r.Made.Time = time.Now().UTC()
			used, err = b.use(r)
			return err
		}
		used, err = r, b.inUse(&r)
		return err
	})
	return used, err
}

// LearningCurve says what more queries would bring: learning from a part of the
// judged queries, measured on queries left out.
func (b *Bench) LearningCurve(ctx context.Context, seed int64, progress engine.OnProgress) (*Curve, error) {
	data, prior, metric, err := b.lesson(ctx, progress)
	if err != nil {
		return nil, err
	}
	opts := b.options(&prior, metric, seed)
	opts.Progress = progress
	return learn.LearningCurve(ctx, data, prior, opts)
}

// ParseRanker reads a ranker in one of exchange.RankerFormats.
func ParseRanker(data []byte) (engine.Ranker, error) {
	r, err := exchange.ParseRanker(data)
	if err != nil {
		return r, fmt.Errorf("no ranker could be read: %w", err)
	}
	return r, nil
}
