package storage

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"touchstone/engine"
)

func TestQueriesKeepTheirOrder(t *testing.T) {
	w := newWorkspace(t)
	long := strings.Repeat("long ", 20_000)
	for _, put := range [][]engine.Query{
		{{Text: "nike"}, {Text: "Nike", Need: "upper case"}, {Text: "nike", Need: "shoes"}},
		{{Text: ""}, {Text: "nike", Need: "shoes"}},
		{{Text: "nike", Need: "shoes"}},
		{{Text: long}, {Text: "a"}, {Text: "Nike"}},
		nil,
	} {
		if err := w.PutQueries(put); err != nil {
			t.Fatal(err)
		}
	}
	got, err := reopen(t, w).Queries()
	if err != nil {
		t.Fatal(err)
	}
	want := []engine.Query{{Text: "nike", Need: "shoes"}, {Text: "Nike"}, {Text: ""}, {Text: long}, {Text: "a"}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
