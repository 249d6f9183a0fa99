package cli

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"touchstone/engine"
	"touchstone/engine/measure"
	"touchstone/engine/workbench"
)

// TestJudges prints agreement in both forms; what is not defined is null, which
// encoding/json would refuse as NaN.
func TestJudges(t *testing.T) {
	var judgments []engine.Judgment
	for i, grades := range [][]engine.Grade{{3, 3}, {0, 0}, {2, 1}, {1}} {
		for judge, g := range grades {
			judgments = append(judgments, engine.Judgment{Query: "lamp", Product: string(rune('a' + i)), Grade: g, Judge: []string{"ann", "bea"}[judge]})
		}
	}
	report := &workbench.JudgesReport{Agreement: measure.NewRatings(judgments).Agree(1), Judgments: map[string]int{"ann": 4, "bea": 3}}
	report.Disputes = []workbench.Dispute{{Query: "lamp", Product: "c", Title: "Desk lamp", Judgments: judgments[4:6]}}
	data, err := json.Marshal(judgesOf(report))
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Shared int
		Alpha  struct {
			Ordinal struct {
				Value *float64
				CI95  [2]*float64
			}
		}
		Disagreements []struct{ Grades []struct{ Judge string } }
	}
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if got.Shared != 3 || got.Alpha.Ordinal.Value == nil || math.Abs(*got.Alpha.Ordinal.Value) > 1 || got.Alpha.Ordinal.CI95[0] != nil {
		t.Errorf("%s: want three shared pairs, an alpha, and no interval from a single query", data)
	}
	if len(got.Disagreements) != 1 || len(got.Disagreements[0].Grades) != 2 {
		t.Errorf("disagreements of %s", data)
	}
	var out bytes.Buffer
	s := &session{Deps: Deps{Stdout: &out}}
	if err := s.printJudges(report); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"ann and bea", "ordinal", "Desk lamp", "ann 2", "bea 1"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in:\n%s", want, out.String())
		}
	}
	out.Reset()
	alone := &workbench.JudgesReport{Agreement: measure.NewRatings(judgments[:1]).Agree(1), Judgments: map[string]int{"ann": 1}}
	if err := s.printJudges(alone); err != nil || !strings.Contains(out.String(), "nothing to agree on yet") {
		t.Errorf("one judge: %v\n%s", err, out.String())
	}
	if _, err := json.Marshal(judgesOf(alone)); err != nil {
		t.Error(err)
	}
}
