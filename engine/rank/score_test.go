package rank

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"touchstone/engine"
)

// TestContributionsSumToTheScore holds the explanation's promise for any
// weights and values: the parts, added in order, are the score to the last bit.
func TestContributionsSumToTheScore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.Float64Range(-1e3, 1e3)
		r := Default()
		for i := range r.Weights {
			w := &r.Weights[i]
			w.Weight, w.Offset, w.Scale = number.Draw(t, "weight"), number.Draw(t, "offset"), rapid.Float64Range(1e-3, 1e3).Draw(t, "scale")
		}
		s, err := NewScorer(&r)
		if err != nil {
			t.Fatal(err)
		}
		row := rapid.SliceOfN(number, len(features), len(features)).Draw(t, "row")
		var sum float64
		for i, part := range s.Explain(row) {
			if part.Feature != r.Weights[i].Feature || part.Value != row[i] {
				t.Fatalf("part %d explains %s = %v, want %s = %v", i, part.Feature, part.Value, r.Weights[i].Feature, row[i])
			}
			sum += part.Contribution
		}
		if score := s.Score(row); sum != score {
			t.Fatalf("contributions sum to %v, the score is %v", sum, score)
		}
	})
}

func TestNewScorerRefuses(t *testing.T) {
	tests := []struct {
		name   string
		ranker engine.Ranker
		says   string
	}{
		{"an unknown kind", engine.Ranker{Name: "r", Kind: "svm"}, `kind "svm"`},
		{"no kind", engine.Ranker{Name: "r"}, `kind ""`},
		{"an unknown feature", engine.Ranker{Name: "r", Kind: engine.Linear, Weights: []engine.Weight{{Feature: "moon_phase"}}}, `"moon_phase"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, err := NewScorer(&test.ranker); err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("error %v, want one that says %s", err, test.says)
			}
		})
	}
}

func TestOrderBreaksTiesByProduct(t *testing.T) {
	items := []engine.Candidate{{Product: "b"}, {Product: "c"}, {Product: "a"}}
	m := Matrix{Rows: 3, Columns: len(features), Values: make([]float64, 3*len(features))}
	m.Row(1)[slices.Index(columns, "bm25")] = 1
	r := Default()
	s, err := NewScorer(&r)
	if err != nil {
		t.Fatal(err)
	}
	var got string
	for _, o := range s.Order(items, &m) {
		got += items[o.Index].Product
	}
	if got != "cab" {
		t.Errorf("order %s, want cab: the best score first, then by product", got)
	}
}

func TestDefaultReadsEveryFeature(t *testing.T) {
	r := Default()
	if _, err := NewScorer(&r); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for i, f := range Features() {
		if seen[f.Name] || f.Name == "" || f.Label == "" || f.Help == "" {
			t.Errorf("feature %d %q: names are unique, and name, label and help are there", i, f.Name)
		}
		seen[f.Name] = true
		if r.Weights[i].Feature != f.Name {
			t.Errorf("weight %d is of %s, want %s", i, r.Weights[i].Feature, f.Name)
		}
		if w := r.Weights[i].Weight; w*float64(f.Sign) < 0 {
			t.Errorf("%s: the default weight %v goes against its sign %d", f.Name, w, f.Sign)
		}
	}
}
