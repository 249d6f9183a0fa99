package storage

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

// TestVectorBlocksOfRows holds the blocks of some rows to all blocks.
func TestVectorBlocksOfRows(t *testing.T) {
	w := newWorkspace(t)
	fill(t, w, 3*blockRows+5, 4)
	all := map[uint32]workbench.VectorBlock{}
	const model = "minilm"
	err := w.EachVectorBlock(t.Context(), model, func(b workbench.VectorBlock) error {
		all[b.First] = workbench.VectorBlock{First: b.First, Dim: b.Dim, Hashes: append([]uint64{}, b.Hashes...)}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 3 {
		t.Fatalf("%d blocks are too few to choose from", len(all))
	}
	var firsts []uint32
	rows := []uint32{3 * blockRows, 1, 2, 0, 1 << 30}
	read := func(ctx context.Context, model string) error {
		return w.EachVectorBlockOf(ctx, model, rows, func(b workbench.VectorBlock) error {
			firsts = append(firsts, b.First)
			want, ok := all[b.First]
			if !ok || want.Dim != b.Dim || len(want.Hashes) != len(b.Hashes) || want.Hashes[0] != b.Hashes[0] {
				t.Errorf("block at row %d is %+v, want %+v", b.First, b, want)
			}
			return nil
		})
	}
	if err := read(t.Context(), model); err != nil || len(firsts) != 2 || firsts[0] != 0 || firsts[1] != 3*blockRows {
		t.Errorf("blocks at %v, %v", firsts, err)
	}
	firsts = nil
	if err := read(t.Context(), "another model"); err != nil || len(firsts) > 0 {
		t.Errorf("of another model: %v, %v", firsts, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := read(ctx, model); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestOtherFiles(t *testing.T) {
	w := newWorkspace(t)
	path := filepath.Join(t.TempDir(), "pack.touchstone")
	made, err := w.NewFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(made.PutQueries([]engine.Query{{Text: "lamp"}}), made.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := w.NewFile(path); !errors.Is(err, fs.ErrExist) {
		t.Errorf("made over a file: %v", err)
	}
	opened, err := w.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	queries, err := opened.Queries()
	if err != nil || len(queries) != 1 || !opened.ReadOnly() {
		t.Errorf("%v, %v, read-only %v", queries, err, opened.ReadOnly())
	}
	if err := opened.PutQueries([]engine.Query{{Text: "more"}}); !errors.Is(err, workbench.ErrReadOnly) {
		t.Errorf("writing into it: %v", err)
	}
	if err := opened.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := w.OpenFile(path + ".none"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}

// TestCheckFindsWhatIsMisplaced puts whole records where they do not belong.
func TestCheckFindsWhatIsMisplaced(t *testing.T) {
	lamp := engine.Rule{ID: 7, Kind: engine.PinRule}
	for name, c := range map[string]struct {
		bucket string
		key    []byte
		value  any
		want   string
	}{
		"clicks":            {bucketClicks, []byte("lamp"), engine.Clicks{Query: "sofa"}, `it says that it is of "sofa"`},
		"a profile":         {bucketProfiles, []byte("ann"), engine.Profile{Name: "bob"}, `it says that it is of "bob"`},
		"a rule":            {bucketRules, numberKey(1), lamp, "it says that it is rule 7"},
		"a rule of nowhere": {bucketRules, numberKey(7), lamp, "the history does not lead to it"},
		"a change of rules": {bucketRuleHistory, numberKey(4), engine.RuleChange{Seq: 4, After: []engine.Rule{lamp}}, "number 1 was expected"},
		"a ranker":          {bucketRankers, numberKey(1), engine.Ranker{Name: "spring"}, "does not follow version 0"},
		"a query":           {bucketQueries, numberKey(3), engine.Query{Text: "lamp"}, "2 of 3 records are missing"},
		"a snapshot":        {bucketSnapshots, numberKey(2), workbench.Snapshot{Name: "monday"}, "1 of 2 records are missing"},
		"a judgment":        {bucketJudgments, []byte("x"), engine.Judgment{Query: "lamp"}, `it says that it is of query "lamp"`},
	} {
		w := newWorkspace(t)
		err := w.update(func(tx *bbolt.Tx, _ *state) error {
			for _, name := range []string{c.bucket, bucketRules, bucketRuleHistory} {
				if _, err := tx.CreateBucketIfNotExists([]byte(name)); err != nil {
					return err
				}
			}
			return in(tx, c.bucket).put(c.key, c.value)
		})
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.Check(t.Context())
		if !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}
