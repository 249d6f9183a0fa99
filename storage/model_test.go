package storage

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/x448/float16"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

// contents is all that a workspace says of itself through its methods.
type contents struct {
	Settings   workbench.Settings
	Generation uint64
	Products   map[uint32]engine.Product
	Rows       map[string]uint32
	Vectors    map[string]map[uint32]vector // by model and row
	Judgments  []engine.Judgment            // in order
	History    []engine.Change              // oldest first, without times
	Queries    []engine.Query
	Rankers    []engine.Ranker
	Derived    map[string]string
	Profiles   map[string]engine.Profile `json:",omitempty"`
	Snapshots  []workbench.Snapshot      `json:",omitempty"`

	Interleavings []workbench.Interleaving `json:",omitempty"`
}

type vector struct {
	Hash   uint64
	Values []float64
}

// twin is a workspace kept in memory in the plainest way.
type twin struct{ contents }

func newTwin() *twin {
	return &twin{contents{
		Settings: workbench.Settings{Model: workbench.AutoModel, Scale: engine.DefaultScale()},
		Products: map[uint32]engine.Product{},
		Rows:     map[string]uint32{},
		Vectors:  map[string]map[uint32]vector{},
		Derived:  map[string]string{},
		Profiles: map[string]engine.Profile{},
	}}
}

// names are nasty enough for keys: order, escapes, prefixes of each other.
var names = []string{"a", "a\x00", "a\x00b", "ab", "", "\x00", "\x01", "\u00ff", "手机", "a\x01", "NIKE nike", "x' OR 1=1"}

var modelNames = []string{"minilm", "bge-zh"}

var derivedNames = []string{"lexical", "b"}

// dice returns a number from 0 to n−1.
type dice func(n int) int

// step is one change, to be made to a workspace and to its twin.
type step struct {
	name string
	do   func(w *Workspace) error
	twin func(t *twin)
}

// roll makes a random step that is valid for the twin as it stands.
func roll(d dice, t *twin) step {
	ctx := context.Background()
	name := func() string { return names[d(len(names))] }
	switch d(13) {
	case 0, 1:
		products := make([]engine.Product, 1+d(6))
		for i := range products {
			p := engine.Product{ID: fmt.Sprint("p", d(12)), Title: name() + "!", Hidden: d(2) == 0}
			if d(2) == 0 {
				p.Price = engine.Known(float64(d(100)) / 4)
				p.Date = time.Date(2024, 1, 1+d(300), 0, 0, 0, 0, time.UTC)
				p.Attributes = []engine.Attribute{{Name: name(), Value: strings.Repeat("long ", d(2000))}}
			}
			products[i] = p
		}
		return step{"PutProducts", func(w *Workspace) error {
			rows, err := w.PutProducts(ctx, products)
			for i, row := range rows {
				if p, found, err := w.ProductAt(row); err != nil || !found || p.ID != products[i].ID {
					return fmt.Errorf("row %d: %v %v %v", row, p, found, err)
				}
			}
			return err
		}, func(t *twin) { t.putProducts(products) }}
	case 2:
		ids := []string{"none"}
		for range d(4) {
			ids = append(ids, fmt.Sprint("p", d(12)))
		}
		return step{"DeleteProducts", func(w *Workspace) error { return w.DeleteProducts(ctx, ids) }, func(t *twin) { t.deleteProducts(ids) }}
	case 3:
		model := modelNames[d(20)/19] // rarely another one
		var vectors []workbench.Vector
		for _, row := range slices.Sorted(maps.Keys(t.Products)) {
			if d(2) == 0 {
				v := workbench.Vector{Row: row, Hash: 1 + uint64(d(1000)), Values: make([]float32, 3+len(model))}
				for i := range v.Values {
					v.Values[i] = float32(d(256)-128) / 128
				}
				vectors = append(vectors, v)
			}
		}
		return step{"PutVectors", func(w *Workspace) error { return w.PutVectors(ctx, model, vectors) }, func(t *twin) { t.putVectors(model, vectors) }}
	case 4, 5, 6:
		judgments := make([]engine.Judgment, 1+d(3))
		for i := range judgments {
			judgments[i] = engine.Judgment{Query: name(), Product: name(), Judge: name(), Grade: engine.Grade(d(4)),
				Time: time.Date(2025, 1, 1, 0, 0, d(1000), 0, time.UTC), Note: name()}
		}
		return step{"PutJudgments", func(w *Workspace) error { return w.PutJudgments(ctx, judgments) }, func(t *twin) { t.putJudgments(judgments) }}
	case 7:
		q, p, j := name(), name(), name()
		if len(t.Judgments) > 0 && d(2) == 0 {
			at := t.Judgments[d(len(t.Judgments))]
			q, p, j = at.Query, at.Product, at.Judge
		}
		return step{"ClearJudgment", func(w *Workspace) error { return w.ClearJudgments(judgmentOf(q, p, j)) }, func(t *twin) { t.clear(q, p, j) }}
	case 8:
		judge := name()
		return step{"UndoJudgment", func(w *Workspace) error {
			undone, err := w.UndoJudgment(judge)
			for _, c := range undone {
				if c.Undoes == 0 {
					return fmt.Errorf("undo of %q: %+v", judge, undone)
				}
			}
			return err
		}, func(t *twin) { t.undo(judge) }}
	case 9:
		queries := []engine.Query{{Text: name(), Need: name()}, {Text: name()}}
		return step{"PutQueries", func(w *Workspace) error { return w.PutQueries(queries) }, func(t *twin) { t.putQueries(queries) }}
	}
	switch d(6) {
	case 5:
		of := workbench.Interleaving{A: name(), B: name(), Pages: []workbench.InterleavedPage{
			{Query: name(), IDs: []string{name(), name()}, FromB: []bool{false, true}, Picked: []bool{d(2) == 0, d(2) == 0}, Done: true}}}
		if n := len(t.Interleavings); n > 0 && d(2) == 0 {
			of.ID = t.Interleavings[d(n)].ID
		}
		return step{"PutInterleaving", func(w *Workspace) error { _, err := w.PutInterleaving(of); return err }, func(t *twin) {
			t.Interleavings = slices.Clone(t.Interleavings)
			if of.ID == 0 {
				of.ID = uint64(len(t.Interleavings)) + 1
				t.Interleavings = append(t.Interleavings, of)
			}
			t.Interleavings[of.ID-1] = of
		}}
	case 3:
		p := engine.Profile{Name: name() + ".", Events: []engine.Event{{Time: time.Date(2025, 1, 1, 0, 0, d(1000), 0, time.UTC), Product: name(), Action: engine.View}}}
		return step{"PutProfiles", func(w *Workspace) error { return w.PutProfiles([]engine.Profile{p}) }, func(t *twin) { t.Profiles[p.Name] = p }}
	case 4:
		s := workbench.Snapshot{Name: fmt.Sprint(len(t.Snapshots)), Time: time.Date(2025, 1, 1, 0, 0, d(1000), 0, time.UTC), Runs: map[string][]string{name(): {name(), name()}}}
		return step{"PutSnapshot", func(w *Workspace) error { return w.PutSnapshot(s) }, func(t *twin) { t.Snapshots = append(slices.Clone(t.Snapshots), s) }}
	case 0:
		r := engine.Ranker{Name: name(), Kind: engine.Linear, Weights: []engine.Weight{{Feature: name(), Weight: float64(d(100))}}}
		return step{"PutRanker", func(w *Workspace) error { _, err := w.PutRanker(r); return err }, func(t *twin) { t.putRanker(r) }}
	case 1:
		s := t.Settings
		s.Judge, s.Catalogue.Fields = name(), []engine.Field{{Name: name(), Role: engine.RoleTitle}}
		return step{"PutSettings", func(w *Workspace) error { return w.PutSettings(s) }, func(t *twin) { t.Settings = s }}
	}
	derived, data := derivedNames[d(2)], strings.Repeat(name(), d(3000))
	return step{"PutDerived", func(w *Workspace) error { return w.PutDerived(derived, []byte(data)) }, func(t *twin) { t.Derived[derived] = data }}
}

func (t *twin) putProducts(products []engine.Product) {
	changed := false
	for _, p := range products {
		row, known := t.Rows[p.ID]
		for !known {
			if _, taken := t.Products[row]; !taken {
				break
			}
			row++
		}
		if !known || !cmp.Equal(t.Products[row], p) {
			changed = true
		}
		t.Rows[p.ID], t.Products[row] = row, p
	}
	if changed {
		t.Generation++
	}
}

func (t *twin) deleteProducts(ids []string) {
	changed := false
	for _, id := range ids {
		row, known := t.Rows[id]
		if !known {
			continue
		}
		changed = true
		delete(t.Rows, id)
		delete(t.Products, row)
		for _, of := range t.Vectors {
			delete(of, row)
		}
	}
	if changed {
		t.Generation++
	}
}

func (t *twin) putVectors(model string, vectors []workbench.Vector) {
	if len(vectors) == 0 {
		return
	}
	of := t.Vectors[model]
	if of == nil {
		of = map[uint32]vector{}
	}
	t.Vectors = map[string]map[uint32]vector{model: of}
	for _, v := range vectors {
		values := make([]float64, len(v.Values))
		for i, f := range v.Values {
			values[i] = float64(f)
		}
		of[v.Row] = vector{v.Hash, values}
	}
}

func (t *twin) find(query, product, judge string) int {
	return slices.IndexFunc(t.Judgments, func(j engine.Judgment) bool {
		return j.Query == query && j.Product == product && j.Judge == judge
	})
}

// change makes a judgment stand (or none) and writes it into the history.
func (t *twin) change(key engine.Judgment, after *engine.Judgment, undoes uint64) {
	c := engine.Change{Seq: uint64(len(t.History)) + 1, After: after, Undoes: undoes}
	if i := t.find(key.Query, key.Product, key.Judge); i >= 0 {
		before := t.Judgments[i]
		c.Before = &before
		t.Judgments = slices.Delete(slices.Clone(t.Judgments), i, i+1)
	}
	if after != nil {
		t.Judgments = append(slices.Clone(t.Judgments), *after)
	}
	slices.SortFunc(t.Judgments, func(a, b engine.Judgment) int {
		return slices.Compare([]string{a.Query, a.Product, a.Judge}, []string{b.Query, b.Product, b.Judge})
	})
	t.History = append(slices.Clone(t.History), c)
}

// step does several changes as one.
func (t *twin) step(do func()) {
	first := len(t.History)
	do()
	if len(t.History)-first > 1 {
		for i := first; i < len(t.History); i++ {
			t.History[i].Step = uint64(first) + 1
		}
	}
}

func (t *twin) putJudgments(judgments []engine.Judgment) {
	t.step(func() {
		for _, j := range judgments {
			if i := t.find(j.Query, j.Product, j.Judge); i >= 0 && t.Judgments[i].Grade == j.Grade && t.Judgments[i].Note == j.Note {
				continue
			}
			t.change(j, &j, 0)
		}
	})
}

func (t *twin) clear(query, product, judge string) {
	if t.find(query, product, judge) >= 0 {
		t.change(engine.Judgment{Query: query, Product: product, Judge: judge}, nil, 0)
	}
}

func (t *twin) undo(judge string) {
	undone := func(c engine.Change) bool {
		return slices.ContainsFunc(t.History, func(later engine.Change) bool { return later.Undoes == c.Seq })
	}
	past := t.History
	step := uint64(0)
	t.step(func() {
		for _, c := range slices.Backward(past) {
			key := c.About()
			if key.Judge != judge || c.Undoes != 0 || undone(c) || step != 0 && c.Step != step {
				continue
			}
			t.change(key, c.Before, c.Seq)
			if step = c.Step; step == 0 {
				return
			}
		}
	})
}

func (t *twin) putQueries(queries []engine.Query) {
	for _, q := range queries {
		i := slices.IndexFunc(t.Queries, func(known engine.Query) bool { return known.Text == q.Text })
		if i < 0 {
			t.Queries = append(slices.Clone(t.Queries), q)
			continue
		}
		t.Queries = slices.Clone(t.Queries)
		t.Queries[i] = q
	}
}

func (t *twin) putRanker(r engine.Ranker) {
	r.Version = 1
	for _, older := range t.Rankers {
		if older.Name == r.Name {
			r.Version++
		}
	}
	t.Rankers = append(slices.Clone(t.Rankers), r)
}

// clone is a copy that later steps leave alone.
func (t *twin) clone() *twin {
	c := *t
	c.Products, c.Rows, c.Derived, c.Profiles = maps.Clone(t.Products), maps.Clone(t.Rows), maps.Clone(t.Derived), maps.Clone(t.Profiles)
	c.Vectors = maps.Clone(t.Vectors)
	for model, of := range c.Vectors {
		c.Vectors[model] = maps.Clone(of)
	}
	return &c
}

// readAll reads everything that a workspace holds.
func readAll(w *Workspace) (contents, error) {
	ctx := context.Background()
	c := contents{Settings: w.Settings(), Generation: w.Generation(), Products: map[uint32]engine.Product{},
		Rows: map[string]uint32{}, Vectors: map[string]map[uint32]vector{}, Derived: map[string]string{}, Profiles: map[string]engine.Profile{}}
	var errs []error
	last := -1
	errs = append(errs, w.EachProduct(ctx, func(row uint32, p engine.Product) error {
		if int(row) <= last {
			return fmt.Errorf("row %d after %d", row, last)
		}
		last = int(row)
		c.Products[row] = p
		return nil
	}))
	for row, p := range c.Products {
		got, found, err := w.Row(p.ID)
		if err != nil || !found || got != row {
			errs = append(errs, fmt.Errorf("row of %q: %d, %v, %v, but it stands in %d", p.ID, got, found, err, row))
		}
		same, found, err := w.Product(p.ID)
		if err != nil || !found || !cmp.Equal(same, p) {
			errs = append(errs, fmt.Errorf("product %q: %v, %v, %v", p.ID, same, found, err))
		}
		c.Rows[p.ID] = got
	}
	for _, model := range modelNames {
		last := -1
		errs = append(errs, w.EachVectorBlock(ctx, model, func(b workbench.VectorBlock) error {
			if int(b.First) <= last {
				return fmt.Errorf("block at row %d after row %d", b.First, last)
			}
			if c.Vectors[model] == nil {
				c.Vectors[model] = map[uint32]vector{}
			}
			for i, hash := range b.Hashes {
				last = int(b.First) + i
				if hash == 0 {
					continue
				}
				v := vector{hash, make([]float64, b.Dim)}
				for j := range v.Values {
					v.Values[j] = float64(float16.Frombits(b.Half[i*b.Dim+j]).Float32())
				}
				c.Vectors[model][uint32(last)] = v
			}
			return nil
		}))
	}
	errs = append(errs, w.EachJudgment(ctx, func(j engine.Judgment) error {
		c.Judgments = append(c.Judgments, j)
		return nil
	}))
	errs = append(errs, w.History(func(change engine.Change) bool {
		if change.Time.IsZero() {
			errs = append(errs, fmt.Errorf("change %d has no time", change.Seq))
		}
		change.Time = time.Time{}
		c.History = append(c.History, change)
		return true
	}))
	slices.Reverse(c.History)
	var err error
	c.Queries, err = w.Queries()
	errs = append(errs, err)
	c.Rankers, err = w.Rankers()
	errs = append(errs, err)
	for _, name := range derivedNames {
		_, err := w.Derived(name, func(data []byte) error {
			c.Derived[name] = string(data)
			return nil
		})
		errs = append(errs, err)
	}
	c.Snapshots, err = w.Snapshots()
	errs = append(errs, err)
	c.Interleavings, err = w.Interleavings()
	errs = append(errs, err)
	profiles, err := w.Profiles()
	errs = append(errs, err)
	for _, name := range profiles {
		p, _, err := w.Profile(name)
		errs = append(errs, err)
		c.Profiles[name] = p
	}
	return c, errors.Join(errs...)
}

// diff compares what two workspaces hold; a model without vectors is none.
func diff(want, got contents) string {
	noEmpty := func(c contents) contents {
		c.Vectors = maps.Clone(c.Vectors)
		maps.DeleteFunc(c.Vectors, func(_ string, of map[uint32]vector) bool { return len(of) == 0 })
		return c
	}
	return cmp.Diff(noEmpty(want), noEmpty(got), cmpopts.EquateEmpty())
}

// expect fails unless the workspace holds what the twin does and is sound.
func expect(t testing.TB, w *Workspace, want *twin) {
	t.Helper()
	got, err := readAll(w)
	if err != nil {
		t.Fatal(err)
	}
	if d := diff(want.contents, got); d != "" {
		t.Fatalf("the workspace differs from its twin (- twin):\n%s", d)
	}
	counts, err := w.Check(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	vectors := 0
	for _, of := range want.Vectors {
		vectors += len(of)
	}
	wanted := Counts{Products: len(want.Products), Vectors: vectors, Judgments: len(want.Judgments), Changes: len(want.History),
		Queries: len(want.Queries), Rankers: len(want.Rankers), Derived: len(want.Derived), Profiles: len(want.Profiles), Snapshots: len(want.Snapshots), Bytes: counts.Bytes}
	if counts != wanted {
		t.Fatalf("Check counts %+v, want %+v", counts, wanted)
	}
}

// newWorkspace makes a workspace that the test's end closes.
func newWorkspace(t testing.TB) *Workspace {
	t.Helper()
	w, err := Create(t.TempDir()+"/shop.touchstone", Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	return w
}

// reopen closes a workspace and opens its file again.
func reopen(t testing.TB, w *Workspace) *Workspace {
	t.Helper()
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := Open(w.Path(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { again.Close() })
	return again
}

// fillSample stores a little of everything, and returns the twin of it.
func fillSample(t testing.TB, w *Workspace) *twin {
	t.Helper()
	ctx := context.Background()
	want := newTwin()
	at := time.Date(2025, 6, 1, 10, 0, 0, 0, time.UTC)
	var errs []error
	do := func(twin func(), err error) {
		twin()
		errs = append(errs, err)
	}
	products := []engine.Product{
		{ID: "1", Title: "Nike Air Max", Brand: "Nike", Price: engine.Known(129.9), Currency: "€", Rating: engine.Known(4.5)},
		{ID: "2", Title: "Galaxy Buds", Date: at, Attributes: []engine.Attribute{{Name: "colour", Value: "white"}}},
		{ID: "手机", Title: "华为 Mate 60 <Pro>", Description: "麒麟芯片", Popularity: engine.Known(0), Hidden: true},
		{ID: "gone", Title: "Gone"},
	}
	_, err := w.PutProducts(ctx, products)
	do(func() { want.putProducts(products) }, err)
	vectors := []workbench.Vector{{Row: 2, Hash: 7, Values: []float32{0.5, -0.25, 1}}, {Row: 0, Hash: 9, Values: []float32{0, 0.125, -1}},
		{Row: 3, Hash: 4, Values: []float32{1, 1, 1}}}
	do(func() { want.putVectors("minilm", vectors) }, w.PutVectors(ctx, "minilm", vectors))
	do(func() { want.deleteProducts([]string{"gone"}) }, w.DeleteProducts(ctx, []string{"gone"}))
	for _, j := range []engine.Judgment{
		{Query: "nike", Product: "1", Grade: 3, Judge: "ann", Time: at, Note: "the one"},
		{Query: "nike", Product: "2", Grade: 1, Judge: "ann", Time: at},
		{Query: "nike", Product: "1", Grade: 2, Judge: "bob", Time: at},
		{Query: "手机", Product: "not in the catalogue", Grade: 1.5, Judge: "", Time: at},
		{Query: "nike", Product: "1", Grade: 0, Judge: "ann", Time: at.Add(time.Hour)},
	} {
		do(func() { want.putJudgments([]engine.Judgment{j}) }, w.PutJudgments(ctx, []engine.Judgment{j}))
	}
	_, err = w.UndoJudgment("ann")
	do(func() { want.undo("ann") }, err)
	do(func() { want.clear("nike", "1", "bob") }, w.ClearJudgments(judgmentOf("nike", "1", "bob")))
	queries := []engine.Query{{Text: "nike"}, {Text: "手机", Need: "a phone, no case"}}
	do(func() { want.putQueries(queries) }, w.PutQueries(queries))
	for _, r := range []engine.Ranker{
		{Name: "default", Kind: engine.Linear, Weights: []engine.Weight{{Feature: "cosine", Weight: 0.5, Scale: 2}}},
		{Name: "forest", Kind: engine.Trees, Model: []byte(`{"trees":[]}`), Made: engine.Provenance{Time: at, Seed: 7}},
		{Name: "default", Kind: engine.Linear},
	} {
		_, err := w.PutRanker(r)
		do(func() { want.putRanker(r) }, err)
	}
	do(func() { want.Derived["lexical"] = "index" }, w.PutDerived("lexical", []byte("index")))
	settings := workbench.Settings{Catalogue: engine.Catalogue{Name: "shoes", Language: "en", Fields: []engine.Field{{Name: "name", Role: engine.RoleTitle}}},
		Model: "minilm", Ranker: "default", Scale: engine.DefaultScale(), Judge: "ann"}
	do(func() { want.Settings = settings }, w.PutSettings(settings))
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	return want
}
