package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"go.etcd.io/bbolt"
	"pgregory.net/rapid"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

// TestWorkspaceIsItsTwin makes random changes to a workspace and to a twin in
// memory, closing and opening the file in between.
func TestWorkspaceIsItsTwin(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorkspace(t)
		want := newTwin()
		d := func(n int) int { return rapid.IntRange(0, n-1).Draw(rt, "dice") }
		for range rapid.IntRange(1, 25).Draw(rt, "steps") {
			s := roll(d, want)
			if err := s.do(w); err != nil {
				rt.Fatalf("%s: %v", s.name, err)
			}
			s.twin(want)
			if d(6) == 0 {
				w = reopen(t, w)
			}
		}
		expect(t, w, want)
		expect(t, reopen(t, w), want)
	})
}

func TestCreate(t *testing.T) {
	w := newWorkspace(t)
	expect(t, w, newTwin())
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(w.Path())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Create(w.Path(), Options{}); !errors.Is(err, fs.ErrExist) || !strings.Contains(err.Error(), w.Path()) {
		t.Fatalf("creating over a workspace: %v", err)
	}
	after, err := os.ReadFile(w.Path())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(before, after) {
		t.Fatal("the refused Create changed the file")
	}
	if _, err := Create(filepath.Join(t.TempDir(), "no", "folder.touchstone"), Options{}); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("creating in no folder: %v", err)
	}
	names, err := os.ReadDir(filepath.Dir(w.Path()))
	if err != nil || len(names) != 1 {
		t.Fatalf("files left behind: %v, %v", names, err)
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	file := func(name string, content []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	boltFile := filepath.Join(dir, "other.db")
	db, err := bbolt.Open(boltFile, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	w := newWorkspace(t)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(w.Path())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, path string
		want       error
	}{
		{"nothing", filepath.Join(dir, "none.touchstone"), fs.ErrNotExist},
		{"a folder", dir, ErrNotWorkspace},
		{"a text", file("shopping.txt", []byte("milk\n")), ErrNotWorkspace},
		{"a picture", file("cat.png", append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, 1<<16)...)), ErrNotWorkspace},
		{"another program's bbolt file", boltFile, ErrNotWorkspace},
		{"an empty file", file("empty.touchstone", nil), ErrDamaged},
		{"a workspace of one page", file("short.touchstone", whole[:4096]), ErrDamaged},
		{"a workspace of 100 bytes", file("tiny.touchstone", whole[:100]), ErrDamaged},
		{"half a workspace", file("half.touchstone", whole[:len(whole)/2]), ErrDamaged},
	} {
		for _, readOnly := range []bool{false, true} {
			got, err := Open(c.path, Options{ReadOnly: readOnly})
			if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.path) {
				t.Errorf("%s (read only: %v): %v", c.name, readOnly, err)
			}
			if got != nil {
				got.Close()
			}
		}
	}
	if names, err := filepath.Glob(filepath.Join(dir, ".*")); err != nil || len(names) > 0 {
		t.Errorf("files left behind: %v, %v", names, err)
	}
}

func TestOpenWithoutPermission(t *testing.T) {
	if runtime.GOOS == "windows" || os.Geteuid() == 0 {
		t.Skip("needs permissions that bind this user")
	}
	w := newWorkspace(t)
	w.Close()
	if err := os.Chmod(w.Path(), 0o400); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(w.Path(), Options{}); !errors.Is(err, fs.ErrPermission) {
		t.Fatalf("for writing: %v", err)
	}
	r, err := Open(w.Path(), Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
}

// everyChange is changes that need no more than a workspace to be refused.
func everyChange(ctx context.Context, w *Workspace) map[string]error {
	_, put := w.PutProducts(ctx, []engine.Product{{ID: "new", Title: "new"}})
	_, undo := w.UndoJudgment("ann")
	_, ranker := w.PutRanker(engine.Ranker{Name: "new"})
	return map[string]error{
		"PutProducts":    put,
		"DeleteProducts": w.DeleteProducts(ctx, []string{"1"}),
		"PutVectors":     w.PutVectors(ctx, "minilm", []workbench.Vector{{Row: 0, Hash: 1, Values: []float32{1, 1, 1}}}),
		"PutJudgments":   w.PutJudgments(ctx, []engine.Judgment{{Query: "new", Product: "1", Judge: "ann"}}),
		"ClearJudgments": w.ClearJudgments(judgmentOf("nike", "1", "ann")),
		"UndoJudgment":   undo,
		"PutQueries":     w.PutQueries([]engine.Query{{Text: "new"}}),
		"PutRanker":      ranker,
		"PutDerived":     w.PutDerived("new", nil),
		"PutSettings":    w.PutSettings(workbench.Settings{}),
	}
}

func everyReading(ctx context.Context, w *Workspace) map[string]error {
	_, _, product := w.Product("1")
	_, _, at := w.ProductAt(0)
	_, _, row := w.Row("1")
	_, queries := w.Queries()
	_, rankers := w.Rankers()
	_, derived := w.Derived("lexical", func([]byte) error { return nil })
	_, check := w.Check(ctx)
	return map[string]error{
		"Product":         product,
		"ProductAt":       at,
		"Row":             row,
		"EachProduct":     w.EachProduct(ctx, func(uint32, engine.Product) error { return nil }),
		"EachVectorBlock": w.EachVectorBlock(ctx, "minilm", func(workbench.VectorBlock) error { return nil }),
		"EachJudgment":    w.EachJudgment(ctx, func(engine.Judgment) error { return nil }),
		"History":         w.History(func(engine.Change) bool { return true }),
		"Queries":         queries,
		"Rankers":         rankers,
		"Derived":         derived,
		"Check":           check,
		"Backup":          w.Backup(ctx, w.Path()+".backup"),
	}
}

func TestReadOnly(t *testing.T) {
	w := newWorkspace(t)
	want := fillSample(t, w)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(w.Path())
	if err != nil {
		t.Fatal(err)
	}
	r, err := Open(w.Path(), Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if !r.ReadOnly() || w.ReadOnly() {
		t.Fatal("ReadOnly says the opposite")
	}
	for name, err := range everyChange(t.Context(), r) {
		if !errors.Is(err, workbench.ErrReadOnly) || !strings.Contains(err.Error(), w.Path()) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, err := range everyReading(t.Context(), r) {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	expect(t, r, want)
	after, err := os.ReadFile(w.Path())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(before, after) {
		t.Error("a workspace that was only read has changed")
	}
}

// TestReadOnlyPassesOverDamagedRecords: what is whole can still be read.
func TestReadOnlyPassesOverDamagedRecords(t *testing.T) {
	w := newWorkspace(t)
	fillSample(t, w)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	replaceInFile(t, w.Path(), "Galaxy Buds", "Galaxy Cuds")
	if _, err := Open(w.Path(), Options{}); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "products row 1") {
		t.Fatalf("for writing: %v", err)
	}
	r, err := Open(w.Path(), Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if p, found, err := r.Product("1"); err != nil || !found || p.Title == "" {
		t.Errorf("the whole product: %v, %v, %v", p, found, err)
	}
	if p, found, err := r.Product("2"); !errors.Is(err, ErrDamaged) || found {
		t.Errorf("the damaged product: %v, %v, %v", p, found, err)
	}
}

func TestClosed(t *testing.T) {
	w := newWorkspace(t)
	fillSample(t, w)
	for range 2 {
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for _, all := range []map[string]error{everyChange(t.Context(), w), everyReading(t.Context(), w)} {
		for name, err := range all {
			if !errors.Is(err, ErrClosed) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// TestCancelled: a cancelled change leaves everything as it was.
func TestCancelled(t *testing.T) {
	w := newWorkspace(t)
	want := fillSample(t, w)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	changes := everyChange(ctx, w)
	for _, name := range []string{"PutProducts", "DeleteProducts", "PutVectors", "PutJudgments"} {
		if err := changes[name]; !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for range 2 * ctxEvery {
		want.putProducts([]engine.Product{{ID: fmt.Sprint("many", len(want.Rows)), Title: "x"}})
	}
	w = newWorkspace(t)
	var products []engine.Product
	for row := range uint32(len(want.Products)) {
		products = append(products, want.Products[row])
	}
	if _, err := w.PutProducts(t.Context(), products); err != nil {
		t.Fatal(err)
	}
	if err := w.PutVectors(t.Context(), "minilm", []workbench.Vector{{Row: 0, Hash: 1, Values: []float32{1}}}); err != nil {
		t.Fatal(err)
	}
	readings := everyReading(ctx, w)
	for _, name := range []string{"EachProduct", "EachVectorBlock", "Check", "Backup"} {
		if err := readings[name]; !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := os.Stat(w.Path() + ".backup"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the cancelled backup is there: %v", err)
	}
}

// TestInvalidText: JSON would store other text than it was given.
func TestInvalidText(t *testing.T) {
	const bad = "M\xfcller"
	w := newWorkspace(t)
	want := fillSample(t, w)
	ctx := t.Context()
	product := func(p engine.Product) func() error {
		return func() error { _, err := w.PutProducts(ctx, []engine.Product{{ID: "a", Title: "b"}, p}); return err }
	}
	judgment := func(j engine.Judgment) func() error {
		return func() error { return w.PutJudgments(ctx, []engine.Judgment{{Query: "a"}, j}) }
	}
	ranker := func(r engine.Ranker) func() error {
		return func() error { _, err := w.PutRanker(r); return err }
	}
	settings := func(change func(*workbench.Settings)) func() error {
		return func() error { s := w.Settings(); change(&s); return w.PutSettings(s) }
	}
	for name, put := range map[string]func() error{
		"product ID":        product(engine.Product{ID: bad}),
		"product title":     product(engine.Product{ID: "a", Title: bad}),
		"product attribute": product(engine.Product{ID: "a", Attributes: []engine.Attribute{{Name: "name", Value: bad}}}),
		"judgment query":    judgment(engine.Judgment{Query: bad}),
		"judgment product":  judgment(engine.Judgment{Product: bad}),
		"judgment judge":    judgment(engine.Judgment{Judge: bad}),
		"judgment note":     judgment(engine.Judgment{Note: bad}),
		"query":             func() error { return w.PutQueries([]engine.Query{{Text: "a"}, {Text: bad}}) },
		"need":              func() error { return w.PutQueries([]engine.Query{{Text: "a", Need: bad}}) },
		"ranker":            ranker(engine.Ranker{Name: bad}),
		"feature":           ranker(engine.Ranker{Weights: []engine.Weight{{Feature: bad}}}),
		"model": func() error {
			return w.PutVectors(ctx, bad, []workbench.Vector{{Row: 0, Hash: 1, Values: []float32{1}}})
		},
		"judge":     settings(func(s *workbench.Settings) { s.Judge = bad }),
		"field":     settings(func(s *workbench.Settings) { s.Catalogue.Fields = []engine.Field{{Name: bad}} }),
		"scale":     settings(func(s *workbench.Settings) { s.Scale = engine.Scale{{Name: bad}} }),
		"catalogue": settings(func(s *workbench.Settings) { s.Catalogue.Name = bad }),
	} {
		if err := put(); err == nil || !strings.Contains(err.Error(), `"M\xfcller" is not valid UTF-8`) || !strings.Contains(err.Error(), w.Path()) {
			t.Errorf("%s: %v", name, err)
		}
	}
	expect(t, w, want)
}

// TestAllAtOnce is for the race detector.
func TestAllAtOnce(t *testing.T) {
	w := newWorkspace(t)
	fill(t, w, 500, 4)
	ctx := t.Context()
	var wg sync.WaitGroup
	for i := range 4 {
		judge := fmt.Sprint("judge ", i)
		wg.Go(func() {
			for n := range 20 {
				err := w.PutJudgments(ctx, []engine.Judgment{{Query: fmt.Sprint(n), Product: "p", Grade: 1, Judge: judge}})
				if err != nil {
					t.Error(err)
				}
				s := w.Settings()
				s.Judge = judge
				if err := w.PutSettings(s); err != nil {
					t.Error(err)
				}
				if n%5 == 4 {
					if undone, err := w.UndoJudgment(judge); err != nil || len(undone) != 1 {
						t.Error(undone, err)
					}
				}
			}
		})
		wg.Go(func() {
			for range 5 {
				if _, err := readAll(w); err != nil {
					t.Error(err)
				}
				if _, err := w.Check(ctx); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Go(func() {
		for n := range 3 {
			if err := w.Backup(ctx, fmt.Sprint(w.Path(), n)); err != nil {
				t.Error(err)
			}
		}
	})
	wg.Wait()
	counts, err := w.Check(ctx)
	if err != nil || counts.Judgments != 4*(20-4) || counts.Changes != 4*(20+4) {
		t.Errorf("%+v, %v", counts, err)
	}
}

// replaceInFile changes bytes of a file, which must be there once at least.
func replaceInFile(t *testing.T, path, old, new string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(b, []byte(old)) {
		t.Fatalf("%s does not hold %q", path, old)
	}
	if err := os.WriteFile(path, bytes.ReplaceAll(b, []byte(old), []byte(new)), 0o600); err != nil {
		t.Fatal(err)
	}
}
