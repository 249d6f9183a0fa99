package compare

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"touchstone/engine"
	"touchstone/engine/measure"
)

func metric(t testing.TB, name string) measure.Metric {
	t.Helper()
	m, err := measure.Parse(name)
	if err != nil {
		t.Fatal(err)
	}
	m.Max = 3
	return m
}

// worse is n queries that A answers rightly and of which B turns every third
// page round.
func worse(t testing.TB, n int) Input {
	in := Input{
		A:      Side{Name: "default", Runs: map[string][]string{}},
		B:      Side{Name: "learned v2", Runs: map[string][]string{}},
		Qrels:  engine.Qrels{},
		Metric: metric(t, "ndcg@10"),
		Beside: []measure.Metric{metric(t, "err@10"), metric(t, "p@5")},
	}
	for i := range n {
		q := fmt.Sprintf("q%03d", i)
		in.Qrels[q] = map[string]engine.Grade{"x": 3, "y": 1, "z": 0}
		in.A.Runs[q] = []string{"x", "y", "z"}
		in.B.Runs[q] = []string{"x", "y", "z"}
		if i%3 == 0 {
			in.B.Runs[q] = []string{"z", "x", "y"}
		}
	}
	return in
}

func TestSentence(t *testing.T) {
	in := worse(t, 60)
	if c := Compare(in); c.Verdict != measure.Worse || !strings.HasPrefix(c.Sentence, "B is worse: NDCG@10 −0.") || !strings.HasSuffix(c.Sentence, "; 0 queries won, 20 lost, 40 equal") {
		t.Errorf("%q: %s", c.Verdict, c.Sentence)
	}
	in.A, in.B = in.B, in.A
	c := Compare(in)
	if c.Verdict != measure.Better || !strings.HasPrefix(c.Sentence, "B is better: NDCG@10 +0.") || !strings.Contains(c.Sentence, " interval +0.") {
		t.Errorf("%q: %s", c.Verdict, c.Sentence)
	}
	if math.Abs(c.B.Mean-c.A.Mean-c.Delta) > 1e-12 || c.Low > c.Delta || c.High < c.Delta {
		t.Errorf("%v and %v, difference %v between %v and %v", c.A.Mean, c.B.Mean, c.Delta, c.Low, c.High)
	}
	in.B = in.A
	if c := Compare(in); c.Verdict != measure.NoDifference || c.Jaccard != 1 || math.Abs(c.RBO-1) > 1e-12 || !strings.HasPrefix(c.Sentence, "No difference shown: NDCG@10 0.000") {
		t.Errorf("a ranking and itself: %q, %s", c.Verdict, c.Sentence)
	}
}

func TestLostQueriesAndTheirPages(t *testing.T) {
	in := worse(t, 9)
	in.B.Runs["q006"] = []string{"n", "z", "x"} // the worst: x third, y gone, n that nobody knows
	c := Compare(in)
	lost := c.Lost(10)
	var names []string
	for _, q := range lost {
		names = append(names, q.Query)
	}
	if !slices.Equal(names, []string{"q006", "q003", "q000"}) {
		t.Fatalf("lost %v", names)
	}
	if n := len(c.Lost(2)); n != 2 {
		t.Errorf("asked for the 2 worst, got %d", n)
	}
	one, zero := engine.Grade(1), engine.Grade(0)
	three := engine.Grade(3)
	line := func(rank int, id string, g *engine.Grade, other int) Line {
		return Line{Rank: rank, Product: engine.Product{ID: id}, Grade: g, Other: other}
	}
	want := Pages{Query: lost[0],
		A: []Line{line(1, "x", &three, 3), line(2, "y", &one, 0), line(3, "z", &zero, 2)},
		B: []Line{line(1, "n", nil, 0), line(2, "z", &zero, 3), line(3, "x", &three, 1)}}
	if diff := cmp.Diff(want, c.Pages(lost[0])); diff != "" {
		t.Error(diff)
	}
}

func TestMetricsBeside(t *testing.T) {
	c := Compare(worse(t, 30))
	var p []float64
	for i, name := range []string{"NDCG@10", "ERR@10", "P@5"} {
		row := c.Metrics[i]
		if row.Metric.Label() != name || math.Abs(row.B-row.A-row.Delta) > 1e-12 || row.Corrected < row.P {
			t.Errorf("row %d: %+v", i, row)
		}
		p = append(p, row.P)
	}
	if c.Metrics[2].Ties != 30 || c.Metrics[0].Comparison != c.Comparison {
		t.Errorf("P@5 does not see order: %+v", c.Metrics[2])
	}
	if got := c.Metrics[0].Corrected; got != measure.Holm(p)[0] {
		t.Errorf("corrected p %v", got)
	}
}

func TestWhatIsLeftOut(t *testing.T) {
	in := worse(t, 3)
	in.Qrels["zeros"] = map[string]engine.Grade{"x": 0}
	in.A.Runs["unjudged"] = []string{"x"}
	delete(in.B.Runs, "q001")
	c := Compare(in)
	if len(c.Queries) != 3 || c.Skipped != 1 {
		t.Errorf("%d queries, %d skipped", len(c.Queries), c.Skipped)
	}
	if last := c.Lost(1)[0]; last.Query != "q001" || last.Delta != -1 || last.Jaccard != 0 {
		t.Errorf("a page that is missing: %+v", last)
	}
	if c := Compare(Input{Metric: in.Metric}); c.Verdict != measure.NoDifference || c.Sentence == "" || len(c.Queries) != 0 {
		t.Errorf("nothing at all: %+v", c)
	}
}

func TestWarnings(t *testing.T) {
	in := worse(t, 12)
	if c := Compare(in); len(c.Warnings) != 1 || !strings.Contains(c.Warnings[0], "Only 4 judged queries changed") {
		t.Errorf("four changed queries: %q", c.Warnings)
	}
	in = worse(t, 60)
	if c := Compare(in); len(c.Warnings) != 0 || c.Unjudged != 0 || c.Unsettled != nil {
		t.Errorf("all judged: %q, %d unjudged", c.Warnings, c.Unjudged)
	}
	for q := range in.B.Runs {
		in.B.Runs[q] = append([]string{"new"}, in.B.Runs[q]...)
	}
	if c := Compare(in); len(c.Warnings) != 1 || !strings.Contains(c.Warnings[0], "100 % of what A shows is judged and 75 % of what B shows") || !strings.Contains(c.Warnings[0], "against B") {
		t.Errorf("uneven: %q", c.Warnings)
	}
	for _, grades := range in.Qrels {
		delete(grades, "y")
		delete(grades, "z")
	}
	if c := Compare(in); len(c.Warnings) != 2 || !strings.Contains(c.Warnings[0], "too little to decide") {
		t.Errorf("little judged: %q", c.Warnings)
	}
}

// TestSwingIsWhatAGradeDoes grades each unsettled pair and compares again.
func TestSwingIsWhatAGradeDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := Input{A: Side{Runs: map[string][]string{}}, B: Side{Runs: map[string][]string{}}, Qrels: engine.Qrels{}}
		var err error
		if in.Metric, err = measure.Parse(rapid.SampledFrom([]string{"ndcg@3", "err@5", "ap", "p@4", "ndcg@3:quepid"}).Draw(t, "metric")); err != nil {
			t.Fatal(err)
		}
		products := []string{"a", "b", "c", "d", "e", "f"}
		for q := range rapid.IntRange(1, 4).Draw(t, "queries") {
			query := fmt.Sprint("q", q)
			in.A.Runs[query] = rapid.Permutation(products).Draw(t, "A")[:rapid.IntRange(0, 6).Draw(t, "shown by A")]
			in.B.Runs[query] = rapid.Permutation(products).Draw(t, "B")
			in.Qrels[query] = map[string]engine.Grade{"judged": 2}
			for _, p := range products[:rapid.IntRange(0, 5).Draw(t, "judged")] {
				in.Qrels[query][p] = engine.Grade(rapid.IntRange(0, 3).Draw(t, "grade"))
			}
		}
		c := Compare(in)
		for i, pair := range c.Unsettled {
			if i > 0 && math.Abs(pair.Swing) > math.Abs(c.Unsettled[i-1].Swing)+1e-12 {
				t.Fatalf("pair %d moves more than the one before it", i)
			}
			in.Qrels[pair.Query][pair.Product.ID] = 3
			moved := Compare(in).Delta - c.Delta
			delete(in.Qrels[pair.Query], pair.Product.ID)
			if math.Abs(moved-pair.Swing) > 1e-9 {
				t.Fatalf("%+v: with grade 3 the difference moves by %v", pair, moved)
			}
		}
	})
}

func TestSameSeedSameNumbers(t *testing.T) {
	in := worse(t, 40)
	if a, b := Compare(in), Compare(in); a.P != b.P || a.Low != b.Low || a.Sentence != b.Sentence {
		t.Error("the same seed gave other numbers")
	}
}

// big is two rankings of 5,000 queries by 100 results of which 20 are judged.
func big() Input {
	const queries, results, judged = 5000, 100, 20
	rng := rand.New(rand.NewPCG(1, 2))
	in := Input{A: Side{Name: "a", Runs: map[string][]string{}}, B: Side{Name: "b", Runs: map[string][]string{}}, Qrels: engine.Qrels{}}
	ids := make([]string, results)
	for i := range ids {
		ids[i] = fmt.Sprintf("product-%d", i)
	}
	for q := range queries {
		query := fmt.Sprintf("query %d", q)
		in.Qrels[query] = map[string]engine.Grade{}
		for _, i := range rng.Perm(results)[:judged] {
			in.Qrels[query][ids[i]] = engine.Grade(rng.IntN(4))
		}
		for _, side := range []Side{in.A, in.B} {
			run := slices.Clone(ids)
			rng.Shuffle(results, func(i, j int) { run[i], run[j] = run[j], run[i] })
			side.Runs[query] = run
		}
	}
	return in
}

func BenchmarkCompare5000x100(b *testing.B) {
	in := big()
	in.Metric = metric(b, "ndcg@10")
	for _, name := range []string{"err@10", "p@5", "recall@50"} {
		in.Beside = append(in.Beside, metric(b, name))
	}
	for b.Loop() {
		Compare(in)
	}
}
