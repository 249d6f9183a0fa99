package measure

import (
	"bufio"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"touchstone/engine"
)

// golden is what testdata/measure/make_golden.py had other tools compute.
type golden struct {
	Metrics []struct {
		Tool, Measure, Metric string
		Values                map[string]float64 // by query
	}
	Tests []struct {
		Name         string
		Differences  []float64
		P, Low, High float64
	}
	Overlaps []struct {
		A, B        []string
		Persistence float64
		RBO         float64
	}
}

func readGolden(t *testing.T) golden {
	t.Helper()
	data, err := os.ReadFile(goldenFile("golden.json"))
	if err != nil {
		t.Fatal(err)
	}
	var g golden
	if err := json.Unmarshal(data, &g); err != nil {
		t.Fatal(err)
	}
	return g
}

func goldenFile(name string) string { return filepath.Join("..", "..", "testdata", "measure", name) }

// fields calls fn with the words of each line of a file.
func fields(t *testing.T, name string, fn func(words []string)) {
	t.Helper()
	f, err := os.Open(goldenFile(name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		fn(strings.Fields(lines.Text()))
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
}

// TestMetricsEqualOtherTools holds every query of every golden metric to 1e-9.
func TestMetricsEqualOtherTools(t *testing.T) {
	qrels, runs := engine.Qrels{}, map[string][]string{}
	fields(t, "qrels.txt", func(words []string) {
		grade, err := strconv.ParseFloat(words[3], 64)
		if err != nil {
			t.Fatal(err)
		}
		if qrels[words[0]] == nil {
			qrels[words[0]] = map[string]engine.Grade{}
		}
		qrels[words[0]][words[2]] = engine.Grade(grade)
	})
	fields(t, "run.txt", func(words []string) { runs[words[0]] = append(runs[words[0]], words[2]) })
	if len(qrels) != 40 || len(runs) != 39 {
		t.Fatalf("%d judged queries and %d runs were read", len(qrels), len(runs))
	}
	g := readGolden(t)
	tools := map[string]int{}
	for _, theirs := range g.Metrics {
		m, err := Parse(theirs.Metric)
		if err != nil {
			t.Fatal(err)
		}
		tools[theirs.Tool]++
		if len(theirs.Values) < len(runs) {
			t.Errorf("%s %s: %d queries, want %d", theirs.Tool, theirs.Measure, len(theirs.Values), len(runs))
		}
		for query, want := range theirs.Values {
			if got := m.Score(query, runs[query], qrels[query]).Value; math.Abs(got-want) > 1e-9 {
				t.Errorf("%s of %s: %v, %s (%s) has %v", theirs.Metric, query, got, theirs.Tool, theirs.Measure, want)
			}
		}
	}
	if tools["pytrec_eval"] < 20 || tools["ir_measures"] < 9 || tools["ranx"] < 10 {
		t.Errorf("metrics compared: %v", tools)
	}
}

// TestTestsEqualScipy holds p-values to 0.005 of a permutation test and
// intervals to a bootstrap of twenty times as many samples.
func TestTestsEqualScipy(t *testing.T) {
	for _, theirs := range readGolden(t).Tests {
		for seed := range int64(5) {
			c := Compare(theirs.Differences, seed)
			if math.Abs(c.P-theirs.P) > 0.005 {
				t.Errorf("%s, seed %d: p = %v, scipy has %v", theirs.Name, seed, c.P, theirs.P)
			}
			// An end of the interval is an order statistic of 10,000 means: its own
			// standard error is about 0.7 % of the width.
			near := 0.03 * (theirs.High - theirs.Low)
			if math.Abs(c.Low-theirs.Low) > near || math.Abs(c.High-theirs.High) > near {
				t.Errorf("%s, seed %d: interval %v to %v, scipy has %v to %v", theirs.Name, seed, c.Low, c.High, theirs.Low, theirs.High)
			}
		}
	}
}

func TestRBOEqualsAnotherPackage(t *testing.T) {
	for _, theirs := range readGolden(t).Overlaps {
		if got := RBO(theirs.A, theirs.B, theirs.Persistence); math.Abs(got-theirs.RBO) > 1e-9 {
			t.Errorf("%v and %v at %v: %v, want %v", theirs.A, theirs.B, theirs.Persistence, got, theirs.RBO)
		}
	}
}
