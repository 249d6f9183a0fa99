package storage

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"touchstone/engine"
)

func TestRankerVersions(t *testing.T) {
	w := newWorkspace(t)
	var want []engine.Ranker
	for i, name := range []string{"learned", "mine", "learned", "learned", "mine"} {
		got, err := w.PutRanker(engine.Ranker{Name: name, Version: 17, Kind: engine.Linear,
			Weights: []engine.Weight{{Feature: "cosine", Weight: float64(i)}}, Model: json.RawMessage(`{"a":1}`)})
		if err != nil {
			t.Fatal(err)
		}
		if version := []int{1, 1, 2, 3, 2}[i]; got.Version != version || got.Name != name {
			t.Errorf("put %q as version %d, want %d", got.Name, got.Version, version)
		}
		want = append(want, got)
	}
	got, err := reopen(t, w).Rankers()
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestRankersThatCannotBeStored(t *testing.T) {
	w := newWorkspace(t)
	for name, c := range map[string]struct {
		ranker engine.Ranker
		want   string
	}{
		"not a number": {engine.Ranker{Name: "bad", Weights: []engine.Weight{{Weight: math.NaN()}}}, "NaN"},
		"not JSON":     {engine.Ranker{Name: "bad", Model: json.RawMessage(`{`)}, "unexpected end of JSON input"},
	} {
		if got, err := w.PutRanker(c.ranker); err == nil || got.Name != "" || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), `saving ranker "bad"`) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	expect(t, w, newTwin())
}
