package measure

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"touchstone/engine"
)

// The fixture worked by hand in the project's notes on metric conventions:
// d1=3, d2=2, d3=3, d4=0, d5=1, d6=2; the run is d2, d9 (unjudged), d1, d4, d5.
var (
	fixtureJudged = map[string]engine.Grade{"d1": 3, "d2": 2, "d3": 3, "d4": 0, "d5": 1, "d6": 2}
	fixtureRun    = []string{"d2", "d9", "d1", "d4", "d5"}
)

func TestFixture(t *testing.T) {
	tests := []struct {
		metric string
		want   float64
	}{
		{"ndcg@3", 0.503232},
		{"ndcg@5", 0.471851},
		{"ndcg@3:trec", 0.593946},
		{"ndcg@5:trec", 0.544301},
		{"ndcg@3:ranx", 0.593946},
		{"ndcg@5:ranx", 0.544301},
		{"ndcg@3:quepid", 0.445346},
		{"ndcg@5:quepid", 0.471851},
		{"ndcg@3:srw", 0.50},
		{"ndcg@5:srw", 0.47},
		{"ndcg@3:es", 0.503232},
		{"ndcg@5:es", 0.471851},
		// 3 + 3.5 = 6.5 over 7 + 4.41 + 1.5 = 12.91; @5 adds 0.38 over 1.29 and 0.38.
		{"ndcg@3:rre", 0.50},
		{"ndcg@5:rre", 0.47},
		{"err@3", 0.557292},
		{"err@5", 0.559245},
		{"err@3:quepid", 0.557292},
		{"err@5:es", 0.559245},
		{"err@3:rre", 0.606120},
		{"err@5:rre", 0.607340},
		{"ap@3:trec", 0.333333},
		{"ap@5:trec", 0.453333},
		{"ap@5:quepid", 0.453333},
		{"ap@5:srw", 0.45},
		{"p@10:trec", 0.3},
		{"p@10:ranx", 0.3},
		{"p@10:quepid", 0.6},
		{"p@10:rre", 0.6},
		// Standard counts grades 2 and 3 as relevant: d2 and d1 of d1, d2, d3, d6.
		{"p@10", 0.2},
		{"ap@5", (1 + 2./3) / 4},
		{"recall@5", 0.5},
		{"recall@5:trec", 0.6},
		{"rr@5", 1},
		{"judged@5", 0.8},
		{"dcg@3", 3 + 7./2},
		{"rbp", 0.1 * (2./3 + 0.81 + math.Pow(0.9, 4)/3)},
	}
	for _, test := range tests {
		t.Run(test.metric, func(t *testing.T) {
			m, err := Parse(test.metric)
			if err != nil {
				t.Fatal(err)
			}
			if got := m.Score("q", fixtureRun, fixtureJudged).Value; math.Abs(got-test.want) > 1e-6 {
				t.Errorf("got %.6f, want %.6f", got, test.want)
			}
		})
	}
}

// One perfect hit of five judged scores 1.0 in Elasticsearch, whose ideal ends
// with the hits; a perfect page below eleven positives stays under 1 in Quepid.
func TestIdealDepth(t *testing.T) {
	five := []float64{3, 3, 3, 3, 3}
	for name, want := range map[string]float64{"ndcg@10:es": 1, "ndcg@10": 0.339160} {
		if got := must(Parse(name)).Of([]float64{3}, five); math.Abs(got-want) > 1e-6 {
			t.Errorf("%s of one hit of five: got %.6f, want %.6f", name, got, want)
		}
	}
	eleven := slices.Repeat([]float64{1}, 11)
	if got := must(Parse("ndcg@10:quepid")).Of(eleven, eleven); got >= 1 {
		t.Errorf("ndcg@10:quepid of a perfect page of eleven positives: got %v, want below 1", got)
	}
	if got := must(Parse("ndcg@10")).Of(eleven, eleven); got != 1 {
		t.Errorf("ndcg@10 of a perfect page: got %v, want 1", got)
	}
}

func TestRanxIgnoresGradesBelow1(t *testing.T) {
	if got := must(Parse("ndcg@5:ranx")).Of([]float64{0.5, 1}, []float64{0.5, 1}); math.Abs(got-1/math.Log2(3)) > 1e-12 {
		t.Errorf("got %v", got)
	}
}

func TestParse(t *testing.T) {
	for name, want := range map[string]Metric{
		"ndcg@10":       {Kind: NDCG, K: 10},
		"NDCG@5:Quepid": {Kind: NDCG, K: 5, Convention: Quepid},
		"map":           {Kind: AP},
		"mrr@3":         {Kind: RR, K: 3},
		"precision@10":  {Kind: Precision, K: 10},
	} {
		if got, err := Parse(name); err != nil || got != want {
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
	}
	for _, name := range []string{"", "ndcg@", "ndcg@0", "ndcg@-1", "ndcg@x", "ndgc@10", "ndcg@10:", "ndcg@10:bing", "@10"} {
		if got, err := Parse(name); err == nil {
			t.Errorf("%q: read as %+v, want an error", name, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("ndcg@10:quepid")
	f.Add("map")
	f.Fuzz(func(t *testing.T, name string) {
		m, err := Parse(name)
		if err != nil {
			return
		}
		again, err := Parse(m.String() + ":" + m.Convention.String())
		if err != nil || again != m {
			t.Errorf("%q reads as %+v and its own name as %+v, %v", name, m, again, err)
		}
	})
}

func TestScore(t *testing.T) {
	m := must(Parse("ndcg@3"))
	s := m.Score("q", fixtureRun, fixtureJudged)
	// With d9 at grade 3 the page is 2, 3, 3 and the ideal 3, 3, 3.
	best := (3 + 7/math.Log2(3) + 3.5) / (7 + 7/math.Log2(3) + 3.5)
	if s.Shown != 3 || s.Judged != 2 || s.Coverage != 2./3 || s.Worst != s.Value || math.Abs(s.Best-best) > 1e-12 {
		t.Errorf("got %+v, want best %v", s, best)
	}
	// A find at the end of a perfect page would show that the page was not perfect.
	s = m.Score("q", []string{"a", "x", "y"}, map[string]engine.Grade{"a": 3})
	if s.Value != 1 || s.Best != 1 {
		t.Errorf("got %+v, want value and best 1", s)
	}
	s = m.Score("q", []string{"a", "b", "x"}, map[string]engine.Grade{"a": 3, "b": 0})
	if s.Best != 1 || s.Worst >= 1 {
		t.Errorf("got %+v, want best 1 and worst below", s)
	}
	if s = m.Score("q", []string{"a", "a"}, map[string]engine.Grade{"a": 3}); s.Value != 1 {
		t.Errorf("a product listed twice: got %v, want 1", s.Value)
	}
	if s = m.Score("q", nil, fixtureJudged); s.Value != 0 || s.Coverage != 0 {
		t.Errorf("an empty page: got %+v", s)
	}
}

func TestEvaluate(t *testing.T) {
	qrels := engine.Qrels{
		"found":   {"a": 3, "b": 0},
		"missing": {"a": 1},
		"zeros":   {"a": 0, "b": 0},
		"empty":   {},
	}
	runs := map[string][]string{"found": {"a", "b"}, "zeros": {"a"}, "new": {"c"}}
	e := must(Parse("ndcg@10")).Evaluate(runs, qrels)
	if e.Mean != 0.5 || len(e.Scores) != 2 || e.Scores[1].Query != "missing" || e.Scores[1].Value != 0 || e.Coverage != 1 {
		t.Errorf("got %+v", e)
	}
	if !slices.Equal(e.Skipped, []string{"zeros"}) || !slices.Equal(e.Unjudged, []string{"new"}) {
		t.Errorf("skipped %v, unjudged %v", e.Skipped, e.Unjudged)
	}
}

// What holds of every page: values and bounds lie in [0, 1] and around each
// other, and sorting a page by grade never makes its NDCG worse.
func TestProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		judged := map[string]engine.Grade{}
		for i := range rapid.IntRange(0, 12).Draw(t, "judged") {
			judged[fmt.Sprint(i)] = engine.Grade(rapid.IntRange(0, 6).Draw(t, "grade")) / 2
		}
		ids := make([]string, rapid.IntRange(0, 20).Draw(t, "returned"))
		for i := range ids {
			ids[i] = fmt.Sprint(i)
		}
		run := rapid.Permutation(ids).Draw(t, "run")
		c := Convention(rapid.IntRange(0, int(RRE)).Draw(t, "convention"))
		k := rapid.IntRange(0, 12).Draw(t, "k")
		for _, kind := range []Kind{NDCG, ERR, RBP, AP, Precision, Recall, RR, Judged} {
			m := Metric{Kind: kind, K: k, Convention: c}
			s := m.Score("q", run, judged)
			inside := s.Worst <= s.Value && s.Value <= s.Best
			if c == RRE {
				inside = true // floored terms: a page and its ideal lose different parts
			}
			if !(s.Value >= 0 && s.Value <= 1+1e-12) || !inside {
				t.Fatalf("%v %v: %+v", m, c, s)
			}
		}
		m := Metric{Kind: NDCG, K: k, Convention: c}
		sorted := slices.Clone(run)
		slices.SortStableFunc(sorted, func(a, b string) int { return int(2*judged[b]) - int(2*judged[a]) })
		if a, b := m.Score("q", run, judged).Value, m.Score("q", sorted, judged).Value; b < a-1e-12 {
			t.Fatalf("%v %v: sorted by grade %v, as it was %v", m, c, b, a)
		}
	})
}

func must(m Metric, err error) Metric {
	if err != nil {
		panic(err)
	}
	return m
}
