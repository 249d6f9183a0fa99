package measure

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"touchstone/engine"
)

func TestAgree(t *testing.T) {
	var judgments []engine.Judgment
	for product, grades := range map[string][]engine.Grade{
		"one": {2}, "two": {3, 0}, "three": {3, 0, 3}, "tie": {2, 1, 2, 1}, "five": {0, 1, 1, 3, 3},
	} {
		for _, g := range grades {
			judgments = append(judgments, engine.Judgment{Query: "q", Product: product, Grade: g})
		}
	}
	for by, want := range map[Consensus]map[string]engine.Grade{
		"":       {"one": 2, "two": 1.5, "three": 3, "tie": 1.5, "five": 1},
		Median:   {"one": 2, "two": 1.5, "three": 3, "tie": 1.5, "five": 1},
		Mean:     {"one": 2, "two": 1.5, "three": 2, "tie": 1.5, "five": 1.6},
		Majority: {"one": 2, "two": 0, "three": 3, "tie": 1, "five": 1},
	} {
		got, err := Agree(judgments, by)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(engine.Qrels{"q": want}, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", by, diff)
		}
	}
	if _, err := Agree(nil, "loudest"); err == nil {
		t.Error("an unknown consensus must be an error")
	}
}
