package workbench_test

import (
	"path/filepath"
	"strings"
	"testing"

	"touchstone/engine"
	"touchstone/engine/exchange"
	"touchstone/engine/workbench"
)

// A ranker learned in one shop starts in another, by role.
func TestRankersMove(t *testing.T) {
	from := stocked(t)
	for i := range 12 {
		from.grade("lamp", "l"+string(rune('0'+i%10)), engine.Grade(i%4))
		from.grade("mug", "m"+string(rune('0'+i%10)), engine.Grade(i%4))
	}
	trial, err := from.Refit(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	trial.Ranker.Name = "autumn"
	for i := range trial.Ranker.Weights {
		if trial.Ranker.Weights[i].Feature == "rating" {
			trial.Ranker.Weights[i].Weight = 0.3
		}
	}
	for _, format := range exchange.RankerFormats {
		file := filepath.Join(t.TempDir(), "ranker")
		if err := from.ExportRanker(trial.Ranker, format, file); err != nil {
			t.Fatal(err)
		}
		to := stocked(t)
		r, notes, err := to.ImportRanker(t.Context(), file, "")
		if err != nil {
			t.Fatal(err)
		}
		if r.Name != "autumn" || r.Version != 1 || r.Made.Judgments != 0 || !strings.Contains(r.Made.From, "autumn") {
			t.Errorf("%s: %+v", format, r)
		}
		if len(notes) != 1 || !strings.Contains(notes[0], "Rating") {
			t.Errorf("%s: notes %q; the catalogue has no ratings", format, notes)
		}
		if used := to.Ranker(); used.Name != "default" {
			t.Errorf("%s: %s is in use before anyone said so", format, used.Name)
		}
		if _, err := to.Adopt("autumn"); err != nil {
			t.Fatal(err)
		}
		page := to.search("lamp")
		want, err := from.Search(t.Context(), workbench.SearchRequest{Query: "lamp", Ranker: &trial.Ranker})
		if err != nil {
			t.Fatal(err)
		}
		for i := range want.Results {
			if page.Results[i].Product.ID != want.Results[i].Product.ID {
				t.Errorf("%s: place %d is %s, in the other shop %s", format, i+1, page.Results[i].Product.ID, want.Results[i].Product.ID)
			}
		}
	}
	if _, _, err := from.ImportRanker(t.Context(), from.file("x.json", `{"kind":"linear","weights":[{"feature":"magic","weight":1}]}`), ""); err == nil || !strings.Contains(err.Error(), "magic") {
		t.Errorf("a feature that there is not: %v", err)
	}
}

func TestAdoptGoesBack(t *testing.T) {
	s := stocked(t)
	r := s.Default()
	for _, weight := range []float64{1, 2} {
		r.Weights[0].Weight = weight
		used, err := s.Use(r)
		if err != nil {
			t.Fatal(err)
		}
		r = used
	}
	back, err := s.Adopt("learned@1")
	if err != nil || back.Version != 3 || back.Weights[0].Weight != 1 {
		t.Fatalf("%+v, %v", back, err)
	}
	if back, err = s.Adopt("default"); err != nil || back.Weights[0].Weight != s.Default().Weights[0].Weight {
		t.Fatalf("%+v, %v", back, err)
	}
	s.reopen()
	if got := s.Ranker(); got.Version != back.Version {
		t.Errorf("%s v%d after opening again, want v%d", got.Name, got.Version, back.Version)
	}
	if _, err := s.Adopt("nobody"); err == nil {
		t.Error("a ranker that there is not was adopted")
	}
}
