package exchange

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"touchstone/engine"
	"touchstone/engine/model"
)

func linearRanker() engine.Ranker {
	return engine.Ranker{
		Name: "autumn", Version: 3, Kind: engine.Linear,
		Weights: []engine.Weight{
			{Feature: "bm25_title", Weight: 0.4},
			{Feature: "cosine", Weight: 1.25, Offset: 0.5, Scale: 0.25},
			{Feature: "price", Weight: -0.1, Scale: 2},
		},
		Made: engine.Provenance{Time: time.Date(2024, 3, 5, 0, 0, 0, 0, time.UTC), From: "default v1", Seed: 7, Before: 0.5, After: 0.625},
	}
}

func TestRankersWritten(t *testing.T) {
	for _, format := range RankerFormats {
		path := filepath.Join(t.TempDir(), "ranker")
		if err := WriteRanker(path, format, linearRanker()); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		checkGolden(t, filepath.Join(samples, "written", "ranker."+format), text)
	}
}

// score is what a linear ranker makes of a product's features.
func score(r engine.Ranker, values map[string]float64) float64 {
	sum := 0.0
	for _, w := range r.Weights {
		sum += w.Weight * (values[w.Feature] - w.Offset) / scaleOf(w)
	}
	return sum
}

// TestRankersKeepTheirOrder writes any linear ranker in every format, reads it
// back, and scores products with both: scores are equal, up to a constant in
// ranklib.
func TestRankersKeepTheirOrder(t *testing.T) {
	folder := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.Float64Range(-100, 100)
		want := engine.Ranker{Name: "r", Kind: engine.Linear}
		for i := range rapid.IntRange(1, 6).Draw(t, "features") {
			want.Weights = append(want.Weights, engine.Weight{
				Feature: fmt.Sprintf("%s_%d", token(false).Draw(t, "feature"), i), Weight: number.Draw(t, "weight"),
				Offset: rapid.OneOf(rapid.Just(0.0), number).Draw(t, "offset"), Scale: rapid.OneOf(rapid.Just(0.0), rapid.Float64Range(0.01, 50)).Draw(t, "scale"),
			})
		}
		format := rapid.SampledFrom(RankerFormats).Draw(t, "format")
		path := filepath.Join(folder, "ranker")
		if err := WriteRanker(path, format, want); err != nil {
			t.Fatal(err)
		}
		got, err := ReadRanker(path)
		if err != nil {
			t.Fatal(err)
		}
		if format == "touchstone" {
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("(-written +read):\n%s", diff)
			}
		}
		if got.Name != want.Name || got.Kind != want.Kind {
			t.Fatalf("read %s of kind %s", got.Name, got.Kind)
		}
		constant := 0.0
		if format == "ranklib" {
			constant = score(want, nil)
		}
		values := map[string]float64{}
		for _, w := range want.Weights {
			values[w.Feature] = number.Draw(t, "value")
		}
		a, b := score(want, values), score(got, values)+constant
		if math.Abs(a-b) > 1e-9*max(1, math.Abs(a), math.Abs(constant))*1e3 {
			t.Fatalf("%s: score %v became %v", format, a, b)
		}
	})
}

// TestTreesKeepTheirScores writes trees on a weighted sum in every format, reads
// them back and scores with both: what trees say is the same to the last digit,
// and the sum in steps is off by less than its weights over 512. Scores may
// differ by a constant.
func TestTreesKeepTheirScores(t *testing.T) {
	folder := t.TempDir()
	names := []string{"a", "b", "c <&>"}
	rapid.Check(t, func(t *rapid.T) {
		unit := rapid.Float64Range(-1, 1)
		odd := false
		var grow func(tree *model.Tree, deep int) int
		grow = func(tree *model.Tree, deep int) int {
			at := len(*tree)
			*tree = append(*tree, model.Node{Value: unit.Draw(t, "value"), Rows: float64(rapid.IntRange(1, 50).Draw(t, "rows"))})
			if deep == 4 || deep > 0 && rapid.Bool().Draw(t, "split") {
				n := model.Node{Feature: rapid.IntRange(0, 2).Draw(t, "feature"), Threshold: unit.Draw(t, "threshold")}
				n.Missing = rapid.SampledFrom([]model.Side{"", "", model.Left, model.Right}).Draw(t, "missing")
				// What RankLib would read as a 0 that goes elsewhere.
				odd = odd || n.Missing == model.Left && n.Threshold < 0 || n.Missing == model.Right && n.Threshold >= 0
				n.Left = grow(tree, deep-1)
				n.Right = grow(tree, deep-1)
				n.Rows = (*tree)[n.Left].Rows + (*tree)[n.Right].Rows
				(*tree)[at] = n
			}
			return at
		}
		f := model.Forest{}
		for range rapid.IntRange(1, 3).Draw(t, "trees") {
			var tree model.Tree
			grow(&tree, 4)
			f.Trees = append(f.Trees, tree)
		}
		sum := 0.0
		if rapid.Bool().Draw(t, "sum") {
			w := engine.Weight{Feature: "b", Weight: unit.Draw(t, "weight"), Offset: 0.25, Scale: 0.5}
			f.Linear = append(f.Linear, w)
			sum = math.Abs(w.Weight) / w.Scale
		}
		parameters, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		want := engine.Ranker{Name: "r", Kind: engine.Trees, Model: parameters}
		for _, name := range names {
			want.Weights = append(want.Weights, engine.Weight{Feature: name})
		}
		format := rapid.SampledFrom(RankerFormats).Draw(t, "format")
		path := filepath.Join(folder, "ranker")
		err = WriteRanker(path, format, want)
		if format == "ranklib" && odd {
			if err == nil || !strings.Contains(err.Error(), "RankLib takes one for the other") {
				t.Fatalf("missing values that RankLib would take for 0: %v", err)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		got, err := ReadRanker(path)
		if err != nil {
			t.Fatal(err)
		}
		before, err := model.New(&want, names)
		if err != nil {
			t.Fatal(err)
		}
		after, err := model.New(&got, names)
		if err != nil {
			t.Fatal(err)
		}
		row := func(label string) []float64 {
			value := rapid.OneOf(unit, unit, rapid.Just(math.NaN()))
			return []float64{value.Draw(t, label), value.Draw(t, label), value.Draw(t, label)}
		}
		x, y := row("x"), row("y")
		is, was := after.Score(x)-after.Score(y), before.Score(x)-before.Score(y)
		if math.Abs(is-was) > 2*sum/512+1e-9 {
			t.Fatalf("%s: %v is %v ahead of %v, before it was %v", format, x, is, y, was)
		}
	})
}

func TestRankersThatAreRefused(t *testing.T) {
	for text, want := range map[string]string{
		"":                  "empty",
		"hello":             "neither a ranker's JSON",
		"{}":                "no format of rankers",
		`{"kind":"magic"}`:  "no format of rankers",
		`{"kind":"linear"}`: "no weights",
		`{"kind":"linear","weights":[{"feature":"a"},{"feature":"a"}]}`:                                                                              "two weights",
		`{"kind":"linear","weights":[{"weight":1}]}`:                                                                                                 "without a feature",
		`{"model":{"name":"m","model":{"type":"model/xgboost+json","definition":"[]"}}}`:                                                             "no weights",
		`{"model":{"name":"m","model":{"type":"model/xgboost+json","definition":"[{\"nodeid\":0,\"split\":\"a\"}]"}}}`:                               "neither a leaf nor",
		`{"model":{"name":"m","model":{"type":"model/ranklib","definition":"[]"}}}`:                                                                  "only model/linear",
		`{"model":{"name":"m","model":{"type":"model/linear","definition":"x"}}}`:                                                                    "definition",
		`{"class":"org.apache.solr.ltr.model.MultipleAdditiveTreesModel","name":"m"}`:                                                                "no weights",
		`{"class":"org.apache.solr.ltr.model.LinearModel","features":[{"name":"a","norm":{"class":"x"}}]}`:                                           "normaliser",
		`{"class":"org.apache.solr.ltr.model.LinearModel","features":[{"name":"a","norm":{"class":"org.apache.solr.ltr.norm.StandardNormalizer"}}]}`: "avg is not a number",
		"## LambdaMART\n<ensemble>":      "ensemble",
		"## Magic\n1:2\n":                "can be read",
		"## Coordinate Ascent\n1:x\n":    "line 2",
		"## Coordinate Ascent\n1:NaN\n":  "finite",
		"## Coordinate Ascent\nweights!": "line 2",
	} {
		path := filepath.Join(t.TempDir(), "ranker")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if r, err := ReadRanker(path); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "ranker") {
			t.Errorf("%q: read %+v, error %v; want one with %q", text, r, err, want)
		}
	}
	path := filepath.Join(t.TempDir(), "ranker")
	if err := WriteRanker(path, "solr-ltr", engine.Ranker{Name: "deep", Kind: engine.DNN}); err == nil || !strings.Contains(err.Error(), "export touchstone") {
		t.Errorf("a network as a linear model: %v", err)
	}
	if err := WriteRanker(path, "pmml", linearRanker()); err == nil || !strings.Contains(err.Error(), "es-ltr") {
		t.Errorf("an unknown format: %v", err)
	}
	if err := WriteRanker(path, "es-ltr", engine.Ranker{Kind: engine.Linear, Weights: []engine.Weight{{Feature: "a", Weight: math.NaN()}}}); err == nil {
		t.Error("a weight that is no number was written")
	}
}

func TestRunsWritten(t *testing.T) {
	run := []Ranked{{"star trek", "1370", 1, 12.5}, {"star trek", "=7", 2, 1.0 / 3}, {"手机", "华为-1", 1, -2}}
	at := time.Date(2024, 3, 5, 10, 20, 30, 0, time.UTC)
	for _, format := range RunFormats {
		path := filepath.Join(t.TempDir(), "run")
		if err := WriteRun(path, format, "autumn v3", at, run); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		checkGolden(t, filepath.Join(samples, "written", "run."+format), text)
	}
	path := filepath.Join(t.TempDir(), "run")
	if err := WriteRun(path, "xml", "t", at, run); err == nil || !strings.Contains(err.Error(), "trec, csv") {
		t.Errorf("an unknown format: %v", err)
	}
	if err := WriteRun(path, "trec", "t", at, []Ranked{{Product: "a b"}}); err == nil || !strings.Contains(err.Error(), "white space") {
		t.Errorf("an ID that TREC cannot hold: %v", err)
	}
}
