package exchange

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// flatTwin flattens through encoding/json's maps: slow, and without the order of
// the file.
func flatTwin(path string, v any, out map[string][]string) {
	switch v := v.(type) {
	case map[string]any:
		for name, inner := range v {
			flatTwin(member(path, name), inner, out)
		}
	case []any:
		for _, inner := range v {
			flatTwin(path, inner, out)
		}
	case string:
		if v = strings.TrimSpace(v); v != "" {
			out[path] = append(out[path], v)
		}
	case bool, json.Number:
		out[path] = append(out[path], strings.TrimSuffix(fmt.Sprint(v), ".0"))
	}
}

// jsonValue makes values of any shape. Names within an object differ, as a map
// keeps one of equal names only.
func jsonValue(depth int) *rapid.Generator[any] {
	return rapid.Custom(func(t *rapid.T) any {
		kinds := 5
		if depth > 0 {
			kinds = 7
		}
		switch rapid.IntRange(1, kinds).Draw(t, "kind") {
		case 1:
			return rapid.String().Draw(t, "string")
		case 2:
			return rapid.Float64Range(-1e9, 1e9).Draw(t, "number")
		case 3:
			return rapid.IntRange(-1000, 1000).Draw(t, "whole")
		case 4:
			return rapid.Bool().Draw(t, "bool")
		case 5:
			return nil
		case 6:
			return rapid.SliceOfN(jsonValue(depth-1), 0, 4).Draw(t, "list")
		}
		return rapid.MapOfN(rapid.StringMatching(`[a-c"\\é]{1,3}`), jsonValue(depth-1), 0, 4).Draw(t, "object")
	})
}

func TestFlattenEqualsItsTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		object := rapid.MapOfN(rapid.StringMatching(`[a-c"\\é]{1,3}`), jsonValue(3), 0, 4).Draw(t, "object")
		text, err := json.Marshal(object)
		if err != nil {
			t.Fatal(err)
		}
		if rapid.Bool().Draw(t, "spaced") {
			if text, err = json.MarshalIndent(object, "", "\t"); err != nil {
				t.Fatal(err)
			}
		}
		checkFlatten(t, text)
	})
}

type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

// checkFlatten compares the flattener with its twin on an object that
// encoding/json accepts.
func checkFlatten(t failer, text []byte) {
	t.Helper()
	f := flattener{columns: newColumns(defaultLimits.Columns), lim: defaultLimits}
	r, err := f.row(text, 1, false)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	got := map[string][]string{}
	for _, cell := range r.cells {
		got[f.columns.names[cell.column]] = append(got[f.columns.names[cell.column]], cell.text)
	}
	dec := json.NewDecoder(strings.NewReader(string(text)))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	want := map[string][]string{}
	flatTwin("", v, want)
	// Two paths may come to one column (an object in a list): their order is lost.
	for _, m := range []map[string][]string{got, want} {
		for _, values := range m {
			slices.Sort(values)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("%s (-encoding/json +here):\n%s", text, diff)
	}
}
