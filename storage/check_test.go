package storage

import (
	"errors"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"touchstone/engine"
)

// TestCheckFinds makes one thing wrong at a time, with checksums that fit, and
// wants Check to name it.
func TestCheckFinds(t *testing.T) {
	set := func(name string, key []byte, v any) func(*bbolt.Tx) error {
		return func(tx *bbolt.Tx) error { return in(tx, name).put(key, v) }
	}
	remove := func(name string, key []byte) func(*bbolt.Tx) error {
		return func(tx *bbolt.Tx) error { return in(tx, name).Delete(key) }
	}
	raw := func(name string, key, value []byte) func(*bbolt.Tx) error {
		return func(tx *bbolt.Tx) error { return in(tx, name).Put(key, value) }
	}
	nike := judgmentKey("nike", "1", "ann")
	for _, c := range []struct {
		name string
		do   func(*bbolt.Tx) error
		want string
	}{
		{"a product without its row", remove(bucketRows, []byte("1")), `products row 0: product "1" is not listed under this row`},
		{"a product in the wrong row", set(bucketRows, []byte("1"), 2), `products row 0: product "1" is not listed`},
		{"a row without its product", set(bucketRows, []byte("x"), 77), `rows "x": its product in row 77 is missing`},
		{"a lost product", remove(bucketProducts, rowKey(1)), `rows "2": its product in row 1 is missing`},
		{"a product with a strange key", set(bucketProducts, []byte("strange"), engine.Product{ID: "s"}), `products "strange": its key is not a row`},
		{"a free row in use", raw(bucketFree, rowKey(0), seal(rowKey(0), make([]byte, sealSize))), "products row 0: the row is listed as free"},
		{"rows that are neither", func(tx *bbolt.Tx) error {
			return errors.Join(in(tx, bucketProducts).put(rowKey(9), engine.Product{ID: "nine"}), in(tx, bucketRows).put([]byte("nine"), 9))
		}, "products: 5 rows are neither in use nor free"},
		{"a record too short", raw(bucketProducts, rowKey(0), []byte("ab")), "products row 0: 2 bytes are too few"},
		{"a record that is no JSON", raw(bucketQueries, numberKey(1), seal(numberKey(1), []byte("....{"))), "queries number 1: it cannot be read"},
		{"a checksum", raw(bucketFree, rowKey(3), make([]byte, sealSize)), "free row 3: its checksum"},
		{"a vector without a product", func(tx *bbolt.Tx) error {
			return errors.Join(in(tx, bucketProducts).Delete(rowKey(2)), in(tx, bucketRows).Delete([]byte("手机")))
		}, "vectors block 0: row 2 has a vector and no product"},
		{"a block of another length", set(bucketWorkspace, []byte(keyVectors), vectorSpace{"minilm", 4}), "vectors block 0: 4 rows of 3 values (of 4)"},
		{"blocks of no model", remove(bucketWorkspace, []byte(keyVectors)), "vectors block 0: 4 rows of 3 values (of 0)"},
		{"a block that is none", raw(bucketVectors, numberKey(5), seal(numberKey(5), make([]byte, 40))), "vectors block 5: it is not a block"},
		{"a block with a strange key", raw(bucketVectors, []byte("strange"), seal([]byte("strange"), make([]byte, 40))), `vectors "strange": its key`},
		{"a space that is none", set(bucketWorkspace, []byte(keyVectors), 5), `workspace "vectors": it cannot be read`},
		{"a lost judgment", remove(bucketJudgments, nike), `judgments query "nike", product "1", judge "ann": it is missing, though it is in the history`},
		{"another grade", set(bucketJudgments, nike, engine.Judgment{Query: "nike", Product: "1", Judge: "ann", Grade: 2}), "the history does not lead to it"},
		{"a judgment in the wrong place", set(bucketJudgments, nike, engine.Judgment{Query: "puma", Product: "1", Judge: "ann"}), `it says that it is of query "puma"`},
		{"a judgment with a strange key", set(bucketJudgments, []byte("strange"), engine.Judgment{}), `judgments "strange"`},
		{"a lost change", remove(bucketHistory, numberKey(2)), "history number 3: number 2 is missing before it"},
		{"a change with another number", set(bucketHistory, numberKey(2), engine.Change{Seq: 3}), "history number 2"},
		{"a query twice", set(bucketQueries, numberKey(3), engine.Query{Text: "nike"}), `queries number 3: query "nike" is there twice`},
		{"a lost query", remove(bucketQueries, numberKey(1)), "queries: 1 of 2 records are missing"},
		{"a lost ranker", remove(bucketRankers, numberKey(2)), "rankers: 1 of 3 records are missing"},
		{"a version twice", set(bucketRankers, numberKey(3), engine.Ranker{Name: "default", Version: 1}), `rankers number 3: version 1 of "default" does not follow version 1`},
		{"derived data", raw(bucketDerived, []byte("lexical"), []byte("12345")), `derived "lexical": its checksum`},
	} {
		w := newWorkspace(t)
		want := fillSample(t, w)
		if err := w.update(func(tx *bbolt.Tx, _ *state) error { return c.do(tx) }); err != nil {
			t.Fatal(c.name, err)
		}
		counts, err := w.Check(t.Context())
		var damage *DamageError
		if !errors.As(err, &damage) || !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		all := ""
		for _, p := range damage.Problems {
			all += p.String() + "\n"
		}
		if !strings.Contains(all, c.want) {
			t.Errorf("%s: Check says\n%swant %q", c.name, all, c.want)
		}
		if counts.Rankers == 0 && len(want.Rankers) > 0 {
			t.Errorf("%s: Check gave up: %+v", c.name, counts)
		}
	}
}

// TestCheckListsNoEnd: a file with everything wrong gives a list of bounded
// length.
func TestCheckListsNoEnd(t *testing.T) {
	w := newWorkspace(t)
	fill(t, w, 2*maxProblems, 0)
	err := w.update(func(tx *bbolt.Tx, _ *state) error {
		if err := tx.DeleteBucket([]byte(bucketRows)); err != nil {
			return err
		}
		_, err := tx.CreateBucket([]byte(bucketRows))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	counts, err := w.Check(t.Context())
	var damage *DamageError
	if !errors.As(err, &damage) || len(damage.Problems) != maxProblems || counts.Products != 2*maxProblems {
		t.Fatalf("%+v, %v", counts, err)
	}
	if message := err.Error(); !strings.Contains(message, "and 999 more") || len(message) > 400 {
		t.Errorf("the message is %q", message)
	}
}
