package measure

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"touchstone/engine"
)

// judgeRatings reads the three judges' grades; the test skips where the data is
// not there.
func judgeRatings(t *testing.T) *Ratings {
	t.Helper()
	f, err := os.Open("../../../shared/data/electronics/judge_ratings.csv")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("needs ../shared/data/electronics/judge_ratings.csv")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	r := &Ratings{Judges: []string{"1", "2", "3"}}
	for _, row := range rows[1:] {
		p := RatedPair{Query: row[0], Product: row[1]}
		for _, cell := range row[2:5] {
			g, err := strconv.ParseFloat(cell, 64)
			if err != nil {
				t.Fatal(err)
			}
			p.Grades = append(p.Grades, g)
		}
		r.Pairs = append(r.Pairs, p)
	}
	return r
}

// TestAgreementGolden holds every coefficient to statsmodels', the
// krippendorff package's and irrCAC's; testdata/agreement/golden.py made the numbers.
func TestAgreementGolden(t *testing.T) {
	r := judgeRatings(t)
	type alphas struct{ Nominal, Ordinal, Interval, Fleiss float64 }
	var golden struct {
		Pairs   int
		Fleiss  float64
		Alpha   alphas
		Missing alphas
		Between []struct {
			Confusion                [][]int
			Kappa, Linear, Quadratic float64
		}
	}
	data, err := os.ReadFile("testdata/agreement/golden.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &golden); err != nil {
		t.Fatal(err)
	}
	near := func(what string, got Coefficient, want float64) {
		t.Helper()
		if !(math.Abs(got.Value-want) <= 1e-9) {
			t.Errorf("%s is %.12f, want %.12f", what, got.Value, want)
		}
		if !(got.Low <= got.Value && got.Value <= got.High && got.High-got.Low < 0.3) {
			t.Errorf("%s %.3f has the interval %.3f to %.3f", what, got.Value, got.Low, got.High)
		}
	}
	a := r.Agree(1)
	if a.Shared != golden.Pairs || a.Full != golden.Pairs {
		t.Errorf("%d and %d pairs, want %d", a.Shared, a.Full, golden.Pairs)
	}
	near("Fleiss' kappa", a.Fleiss, golden.Fleiss)
	near("nominal alpha", a.Nominal, golden.Alpha.Nominal)
	near("ordinal alpha", a.Ordinal, golden.Alpha.Ordinal)
	near("interval alpha", a.Interval, golden.Alpha.Interval)
	for i, p := range a.Between {
		want := golden.Between[i]
		near(p.A+p.B+" kappa", p.Kappa, want.Kappa)
		near(p.A+p.B+" linear", p.Linear, want.Linear)
		near(p.A+p.B+" quadratic", p.Quadratic, want.Quadratic)
		if fmt.Sprint(p.Confusion) != fmt.Sprint(want.Confusion) {
			t.Errorf("%s and %s: confusion %v, want %v", p.A, p.B, p.Confusion, want.Confusion)
		}
	}
	for i := range r.Pairs {
		for j := range r.Judges {
			if (i+2*j)%5 == 0 {
				r.Pairs[i].Grades[j] = math.NaN()
			}
		}
	}
	a = r.Agree(1)
	near("nominal alpha with gaps", a.Nominal, golden.Missing.Nominal)
	near("ordinal alpha with gaps", a.Ordinal, golden.Missing.Ordinal)
	near("interval alpha with gaps", a.Interval, golden.Missing.Interval)
	near("Fleiss' kappa with gaps", a.Fleiss, golden.Missing.Fleiss)
}

// TestNewcomer: a judge who shares no pair with another leaves agreement as it
// was, and is not taken for someone who agrees.
func TestNewcomer(t *testing.T) {
	var judgments []engine.Judgment
	for i, grades := range [][]engine.Grade{{0, 0, 1}, {3, 3, 3}, {2, 1, 2}, {0, 0, 0}} {
		for judge, grade := range grades {
			judgments = append(judgments, engine.Judgment{Query: fmt.Sprint(i % 2), Product: fmt.Sprint(i), Judge: fmt.Sprint(judge), Grade: grade})
		}
	}
	before := NewRatings(judgments).Agree(1)
	// Of each pair's three pairs of judges 1, 3, 1 and 3 agree; of 12 grades 5 are
	// 0, 2 are 1, 2 are 2 and 3 are 3.
	observed, expected := (1.+3+1+3)/12, (25.+4+4+9)/144
	if want := (observed - expected) / (1 - expected); math.Abs(before.Fleiss.Value-want) > 1e-12 {
		t.Errorf("Fleiss' kappa %v, want %v", before.Fleiss.Value, want)
	}
	after := NewRatings(append(judgments, engine.Judgment{Query: "0", Product: "new", Judge: "newcomer", Grade: 1})).Agree(1)
	if after.Shared != before.Shared || after.Full != 0 {
		t.Errorf("%d shared and %d full pairs, want %d and 0", after.Shared, after.Full, before.Shared)
	}
	for i, c := range []Coefficient{after.Fleiss, after.Nominal, after.Ordinal, after.Interval} {
		if want := []Coefficient{before.Fleiss, before.Nominal, before.Ordinal, before.Interval}[i]; c != want {
			t.Errorf("coefficient %d is %v beside a newcomer, %v without", i, c, want)
		}
	}
}

// TestAlphaAgainstItsDefinition compares the interval alpha with one minus the
// mean squared difference within pairs over that between any two grades.
func TestAlphaAgainstItsDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var judgments []engine.Judgment
		for p := range rapid.IntRange(2, 8).Draw(t, "pairs") {
			for j := range rapid.IntRange(1, 4).Draw(t, "judges") {
				judgments = append(judgments, engine.Judgment{Query: fmt.Sprint("q", p%3), Product: fmt.Sprint(p), Judge: fmt.Sprint(j),
					Grade: engine.Grade(rapid.IntRange(0, 3).Draw(t, "grade"))})
			}
		}
		r := NewRatings(judgments)
		var all []float64
		within := 0.0
		for i := range r.Pairs {
			given := r.Pairs[i].Given()
			if len(given) < 2 {
				continue
			}
			all = append(all, given...)
			for _, a := range given {
				for _, b := range given {
					within += (a - b) * (a - b) / float64(len(given)-1)
				}
			}
		}
		between := 0.0
		for _, a := range all {
			for _, b := range all {
				between += (a - b) * (a - b)
			}
		}
		n := float64(len(all))
		want := 1 - within/n/(between/(n*(n-1)))
		got := r.Agree(1).Interval.Value
		if between == 0 {
			if !math.IsNaN(got) {
				t.Fatalf("alpha of grades that are all the same is %v, want not defined", got)
			}
		} else if math.Abs(got-want) > 1e-9 {
			t.Fatalf("alpha %v, want %v", got, want)
		}
	})
}

func TestKappaByHand(t *testing.T) {
	for _, c := range []struct {
		name string
		a, b []float64
		by   Weighting
		want float64
	}{
		{"the same", []float64{0, 1, 3}, []float64{0, 1, 3}, Unweighted, 1},
		{"chance", []float64{0, 0, 1, 1}, []float64{0, 1, 0, 1}, Unweighted, 0},
		{"opposite", []float64{0, 0, 1, 1}, []float64{1, 1, 0, 0}, Quadratic, -1},
		// Observed 2/3 within one step of 3; expected (0+1+3+1+0+2+3+2+0)/9.
		{"grades that nobody gave keep their distance", []float64{0, 1, 3}, []float64{1, 0, 3}, Linear, 1 - (2.0/3)/(12.0/9)},
		{"no choice", []float64{2, 2}, []float64{2, 2}, Linear, math.NaN()},
		{"nothing", nil, nil, Linear, math.NaN()},
	} {
		got := Kappa(c.a, c.b, c.by)
		if math.Abs(got-c.want) > 1e-12 || math.IsNaN(got) != math.IsNaN(c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestAgreementOfOneJudge(t *testing.T) {
	a := NewRatings([]engine.Judgment{{Query: "q", Product: "p", Judge: "ann", Grade: 2}}).Agree(1)
	if a.Shared != 0 || len(a.Between) != 0 || !math.IsNaN(a.Ordinal.Value) || !math.IsNaN(a.Fleiss.Value) {
		t.Errorf("one judge agrees with nobody: %+v", a)
	}
	if a := NewRatings(nil).Agree(1); len(a.Judges) != 0 || !math.IsNaN(a.Nominal.Value) {
		t.Errorf("no judgments: %+v", a)
	}
}

// TestReliabilityBeatsMajority lets two judges who guess outvote a careful one.
func TestReliabilityBeatsMajority(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	accuracy := map[string]float64{"careful": 0.95, "second": 0.6, "third": 0.45, "fourth": 0.45}
	truth := map[string]engine.Grade{}
	var judgments []engine.Judgment
	for p := range 600 {
		id := fmt.Sprint(p)
		truth[id] = engine.Grade(rng.IntN(4))
		for _, judge := range []string{"careful", "second", "third", "fourth"} {
			g := truth[id]
			if rng.Float64() > accuracy[judge] {
				g = engine.Grade((int(g) + 1 + rng.IntN(3)) % 4)
			}
			judgments = append(judgments, engine.Judgment{Query: "q", Product: id, Judge: judge, Grade: g})
		}
	}
	right := func(by Consensus) int {
		qrels, err := Agree(judgments, by)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for id, g := range qrels["q"] {
			if g == truth[id] {
				n++
			}
		}
		return n
	}
	majority, reliable := right(Majority), right(Reliable)
	if reliable <= majority {
		t.Errorf("weighted by reliability %d of 600 are right, by majority %d", reliable, majority)
	}
	estimated := DawidSkene(NewRatings(judgments)).Accuracy
	for judge, want := range accuracy {
		if got := estimated[judge]; math.Abs(got-want) > 0.1 {
			t.Errorf("%s is thought right with a chance of %.2f, is with %.2f", judge, got, want)
		}
	}
}
