package storage

import (
	"bytes"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"touchstone/engine"
)

// TestJudgmentKeys: any bytes round-trip, and keys sort as their parts do.
func TestJudgmentKeys(t *testing.T) {
	text := rapid.Map(rapid.SliceOfN(rapid.SampledFrom([]byte{0, 1, 2, 'a', 0xFE, 0xFF}), 0, 5), func(b []byte) string { return string(b) })
	rapid.Check(t, func(t *rapid.T) {
		var parts [2][3]string
		var keys [2][]byte
		for i := range parts {
			for j := range parts[i] {
				parts[i][j] = text.Draw(t, "part")
			}
			keys[i] = judgmentKey(parts[i][0], parts[i][1], parts[i][2])
			if got, err := splitJudgmentKey(keys[i]); err != nil || got != parts[i] {
				t.Fatalf("%q became %q, %v", parts[i], got, err)
			}
		}
		want := 0
		for j := 2; j >= 0; j-- {
			if c := strings.Compare(parts[0][j], parts[1][j]); c != 0 {
				want = c
			}
		}
		if got := bytes.Compare(keys[0], keys[1]); got != want {
			t.Fatalf("%q and %q compare as %d, their keys as %d", parts[0], parts[1], want, got)
		}
	})
}

func FuzzSplitJudgmentKey(f *testing.F) {
	f.Add(judgmentKey("a", "", "c\x00"))
	f.Add([]byte("a\x00\x01b\x00\xff"))
	f.Add([]byte("a\x00\x01b\x00\x01c\x00\x01d"))
	f.Fuzz(func(t *testing.T, key []byte) {
		parts, err := splitJudgmentKey(key)
		if err == nil && !bytes.Equal(judgmentKey(parts[0], parts[1], parts[2]), key) {
			t.Errorf("%q became %q", key, parts)
		}
	})
}

func history(t *testing.T, w *Workspace) (oldestFirst []engine.Change) {
	t.Helper()
	err := w.History(func(c engine.Change) bool {
		oldestFirst = append([]engine.Change{c}, oldestFirst...)
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	return oldestFirst
}

// TestUndo follows two judges over three sessions.
func TestUndo(t *testing.T) {
	w := newWorkspace(t)
	at := time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC)
	j := func(product string, grade engine.Grade, judge string) engine.Judgment {
		return engine.Judgment{Query: "nike", Product: product, Grade: grade, Judge: judge, Time: at}
	}
	grade := func(all ...engine.Judgment) {
		t.Helper()
		if err := w.PutJudgments(t.Context(), all); err != nil {
			t.Fatal(err)
		}
	}
	stands := func(want ...engine.Judgment) {
		t.Helper()
		var got []engine.Judgment
		err := w.EachJudgment(t.Context(), func(j engine.Judgment) error {
			got = append(got, j)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
			t.Fatal(d)
		}
	}
	undo := func(judge string, undoes uint64) {
		t.Helper()
		undone, err := w.UndoJudgment(judge)
		if err != nil || len(undone) == 0 {
			t.Fatalf("undo of %s: %+v, %v; it should undo change %d", judge, undone, err, undoes)
		}
		c := undone[len(undone)-1]
		if c.Undoes != undoes || c.Seq == 0 || c.Time.IsZero() {
			t.Fatalf("undo of %s: %+v; it should undo change %d", judge, c, undoes)
		}
		all := history(t, w)
		if d := cmp.Diff(all[len(all)-len(undone):], undone); d != "" {
			t.Fatal(d)
		}
	}
	nothing := func(judge string) {
		t.Helper()
		before := len(history(t, w))
		if undone, err := w.UndoJudgment(judge); err != nil || len(undone) != 0 || len(history(t, w)) != before {
			t.Fatalf("undo of %s, who has nothing to undo: %+v, %v", judge, undone, err)
		}
	}

	nothing("ann")
	grade(j("1", 1, "ann")) // 1
	grade(j("2", 2, "ann")) // 2
	grade(j("1", 3, "bob")) // 3
	grade(j("1", 0, "ann")) // 4
	grade(j("1", 0, "ann")) // says nothing new
	undo("ann", 4)          // 5
	stands(j("1", 1, "ann"), j("1", 3, "bob"), j("2", 2, "ann"))
	w = reopen(t, w)
	undo("ann", 2) // 6
	stands(j("1", 1, "ann"), j("1", 3, "bob"))
	grade(j("3", 2, "ann")) // 7
	if err := w.ClearJudgments(judgmentOf("nike", "1", "ann")); err != nil {
		t.Fatal(err) // 8
	}
	if err := w.ClearJudgments(judgmentOf("nike", "1", "ann")); err != nil {
		t.Fatal(err) // changes nothing
	}
	stands(j("1", 3, "bob"), j("3", 2, "ann"))
	w = reopen(t, w)
	undo("ann", 8)
	stands(j("1", 1, "ann"), j("1", 3, "bob"), j("3", 2, "ann"))
	undo("ann", 7)
	undo("ann", 1)
	nothing("ann")
	nothing("eve")
	stands(j("1", 3, "bob"))
	undo("bob", 3)
	nothing("bob")
	stands()
	if all := history(t, w); len(all) != 12 {
		t.Errorf("%d changes", len(all))
	}
	if _, err := w.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// judgmentOf names a judgment without saying what it is.
func judgmentOf(query, product, judge string) []engine.Judgment {
	return []engine.Judgment{{Query: query, Product: product, Judge: judge}}
}

// TestUndoOfASelection: what one call did is undone by one call, and what
// someone else settled since stays.
func TestUndoOfASelection(t *testing.T) {
	w := newWorkspace(t)
	put := func(all ...engine.Judgment) {
		t.Helper()
		if err := w.PutJudgments(t.Context(), all); err != nil {
			t.Fatal(err)
		}
	}
	stands := func(want ...engine.Grade) {
		t.Helper()
		var got []engine.Grade
		err := w.EachJudgment(t.Context(), func(j engine.Judgment) error {
			got = append(got, j.Grade)
			return nil
		})
		if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" || err != nil {
			t.Fatal(d, err)
		}
	}
	undo := func(author string, entries int) {
		t.Helper()
		undone, err := w.UndoJudgment(author)
		if err != nil || len(undone) != entries {
			t.Fatalf("undo of %s: %d entries, want %d; %v", author, len(undone), entries, err)
		}
	}
	a, b, c := engine.Judgment{Query: "q", Product: "a", Judge: "ann", Grade: 1}, engine.Judgment{Query: "q", Product: "b", Judge: "ann", Grade: 2}, engine.Judgment{Query: "q", Product: "c", Judge: "bea", Grade: 3}
	put(a)
	a.Grade = 0
	put(a, b, c)
	stands(0, 2, 3)
	undo("ann", 2) // bea's of the same call stays
	stands(1, 3)
	undo("bea", 1)
	stands(1)
	put(b, c)
	if err := w.ClearJudgments([]engine.Judgment{a, b, b, {Query: "none"}}); err != nil {
		t.Fatal(err)
	}
	stands(3)
	undo("ann", 2)
	stands(1, 2, 3)
	settled := engine.Judgment{Query: "q", Product: "a", Judge: engine.Adjudicated, By: "ann", Grade: 2}
	put(settled)
	settled.By, settled.Grade = "bea", 3
	put(settled)
	undo("ann", 1)
	stands(3, 1, 2, 3)
	undo("bea", 1)
	stands(2, 1, 2, 3)
	if _, err := w.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestHistoryKeepsWhatStood: before and after of each change, in the order in
// which they were made, even within one call.
func TestHistoryKeepsWhatStood(t *testing.T) {
	w := newWorkspace(t)
	at := time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC)
	first := engine.Judgment{Query: "q", Product: "p", Judge: "j", Grade: 1, Time: at}
	second, third, other := first, first, first
	second.Grade, third.Note, other.Query = 2.5, "hm", "a"
	third.Grade = 2.5
	if err := w.PutJudgments(t.Context(), []engine.Judgment{first, second, other, third}); err != nil {
		t.Fatal(err)
	}
	if err := w.ClearJudgments(judgmentOf("q", "p", "j")); err != nil {
		t.Fatal(err)
	}
	want := []engine.Change{
		{Seq: 1, After: &first, Step: 1}, {Seq: 2, Before: &first, After: &second, Step: 1}, {Seq: 3, After: &other, Step: 1},
		{Seq: 4, Before: &second, After: &third, Step: 1}, {Seq: 5, Before: &third},
	}
	if d := cmp.Diff(want, history(t, w), cmpopts.IgnoreFields(engine.Change{}, "Time")); d != "" {
		t.Error(d)
	}
	calls := 0
	if err := w.History(func(c engine.Change) bool { calls++; return c.Seq > 4 }); err != nil || calls != 2 {
		t.Errorf("History went on to %d calls, %v", calls, err)
	}
}

func TestJudgmentsThatCannotBeStored(t *testing.T) {
	w := newWorkspace(t)
	want := fillSample(t, w)
	for name, c := range map[string]struct {
		judgment engine.Judgment
		want     string
	}{
		"not a number": {engine.Judgment{Query: "q", Grade: engine.Grade(math.NaN())}, "NaN"},
		"infinite":     {engine.Judgment{Query: "q", Grade: engine.Grade(math.Inf(1))}, "Inf"},
		"a long query": {engine.Judgment{Query: strings.Repeat("鞋", 11_000), Product: "1"}, "the most are 32768: shorten it"},
		"a late time":  {engine.Judgment{Query: "q", Time: time.Date(12_025, 1, 1, 0, 0, 0, 0, time.UTC)}, "year outside of range"},
	} {
		err := w.PutJudgments(t.Context(), []engine.Judgment{{Query: "fine", Product: "1"}, c.judgment})
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), w.Path()+": saving judgments") || len(err.Error()) > 500 {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := w.ClearJudgments(judgmentOf(strings.Repeat("x", 40_000), "", "")); err != nil {
		t.Errorf("clearing what cannot be there: %v", err)
	}
	// A query of 10,000 Chinese characters fits.
	long := engine.Judgment{Query: strings.Repeat("鞋", 10_000), Product: "1", Judge: "ann", Grade: 1}
	if err := w.PutJudgments(t.Context(), []engine.Judgment{long}); err != nil {
		t.Error(err)
	}
	want.putJudgments([]engine.Judgment{long})
	expect(t, w, want)
}
