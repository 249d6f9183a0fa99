package workbench_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/storage"
)

// lengths is an encoder that knows of a text how long it is, in two dimensions.
type lengths struct{ encoded atomic.Int64 }

func (e *lengths) Dim() int     { return 2 }
func (e *lengths) Name() string { return "lengths" }

func (e *lengths) Encode(_ context.Context, texts []string) ([][]float32, error) {
	vectors := make([][]float32, len(texts))
	for i, text := range texts {
		e.encoded.Add(1)
		vectors[i], _ = e.EncodeQuery(context.Background(), text)
	}
	return vectors, nil
}

func (e *lengths) EncodeQuery(_ context.Context, query string) ([]float32, error) {
	if len(query)%2 == 0 {
		return []float32{0.6, 0.8}, nil
	}
	return []float32{1, 0}, nil
}

// TestCompareEncoders holds an encoder that is compared to a workspace that was
// made with it.
func TestCompareEncoders(t *testing.T) {
	s := lampShop(t)
	other := &lengths{}
	byMeaning := "bm25=0+cosine=1"
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	store, err := storage.Open(s.path, storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s.Bench, err = workbench.Open(t.Context(), store, func(name string) (engine.Encoder, error) {
		switch name {
		case "minilm":
			return s.encoder, nil
		case "other":
			return other, nil
		}
		return nil, fmt.Errorf("model %q: there is none", name)
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	s.ModelNames = func() []string { return []string{"minilm", "other"} }

	// Products without a gap between their rows are the easy case.
	if err := s.Hide(t.Context(), true, "s3"); err != nil {
		t.Fatal(err)
	}
	side := func(name string) workbench.Side {
		t.Helper()
		side, err := s.Side(name)
		if err != nil {
			t.Fatal(err)
		}
		return side
	}
	req := workbench.CompareRequest{A: side(byMeaning), B: side(byMeaning + "+encoder:other"), Seed: 1}
	c, err := s.Compare(t.Context(), req, nil)
	if err != nil {
		t.Fatal(err)
	}
	if c.Delta == 0 || !strings.Contains(c.B.Name, "encoder other") || other.encoded.Load() != 30 {
		t.Fatalf("%s against %s: %+v; %d texts encoded", c.A.Name, c.B.Name, c.Comparison, other.encoded.Load())
	}
	if _, err := s.Compare(t.Context(), req, nil); err != nil || other.encoded.Load() != 30 {
		t.Errorf("asked again, %d texts were encoded (%v)", other.encoded.Load(), err)
	}

	twin := newShop(t)
	if err := twin.Close(); err != nil {
		t.Fatal(err)
	}
	if store, err = storage.Open(twin.path, storage.Options{}); err != nil {
		t.Fatal(err)
	}
	if twin.Bench, err = workbench.Open(t.Context(), store, func(string) (engine.Encoder, error) { return other, nil }); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { twin.Close() })
	lines, ratings := lampLines()
	twin.importLines(lines...)
	if _, err := twin.ImportJudgments(t.Context(), twin.file("ratings.csv", ratings...), "ann"); err != nil {
		t.Fatal(err)
	}
	if err := twin.Hide(t.Context(), true, "s3"); err != nil {
		t.Fatal(err)
	}
	e, err := twin.Evaluate(t.Context(), workbench.EvalRequest{Ranker: side(byMeaning).Ranker}, nil)
	if err != nil || e.Mean != c.B.Mean {
		t.Errorf("compared %v, a workspace with that encoder reaches %v (%v)", c.B.Mean, e.Mean, err)
	}

	if _, err := s.PutRules(engine.Rule{Kind: engine.PinRule, When: on("lamp4"), Products: []string{"b4"}, Position: 1}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"default", byMeaning, byMeaning + "+encoder:other", "encoder:other", "default+rules:off", "default+depth:3", "default+fusion:rrf"} {
		answersAsCompared(t, s, name)
	}

	choices, _, now, err := s.Sides()
	if err != nil || now != "default" || !slices.ContainsFunc(choices, func(c workbench.SideChoice) bool { return c.Name == "encoder:other" }) {
		t.Errorf("%+v, in use %s, %v", choices, now, err)
	}
	for _, choice := range choices {
		if choice.Name == "encoder:minilm" {
			t.Error("the encoder in use is offered against itself")
		}
		if _, err := s.Side(choice.Name); err != nil {
			t.Errorf("%+v: %v", choice, err)
		}
	}
	if _, err := s.Side("encoder:none"); err == nil || !strings.Contains(err.Error(), `model "none"`) {
		t.Errorf("an encoder that is not there: %v", err)
	}
	if _, err := s.AdoptSide(req.B, ""); err == nil || !strings.Contains(err.Error(), "another model") {
		t.Errorf("another model was adopted: %v", err)
	}
	if r := s.Ranker(); r.Name != "default" {
		t.Errorf("%s is in use after a refused adoption", r.Name)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Compare(ctx, req, nil); err == nil {
		t.Error("cancelled, and it was compared")
	}
}

// answersAsCompared holds the pages that a side answers with to those that a
// comparison sees.
func answersAsCompared(t *testing.T, s *shop, name string) {
	t.Helper()
	side, err := s.Side(name)
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.Compare(t.Context(), workbench.CompareRequest{A: side, Seed: 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range c.Queries {
		pages, err := s.ComparedPages(c, q)
		if err != nil {
			t.Fatal(err)
		}
		page, err := s.SearchSide(t.Context(), workbench.SearchRequest{Query: q.Query}, side, nil)
		if err != nil {
			t.Fatal(err)
		}
		var compared, answered []string
		for _, line := range pages.A {
			compared = append(compared, line.Product.ID)
		}
		for _, r := range page.Results {
			answered = append(answered, r.Product.ID)
		}
		// Behind what was ranked a page goes on; a comparison ends there.
		if len(answered) < len(compared) || !slices.Equal(answered[:len(compared)], compared) {
			t.Errorf("%s answers %q with %v, compared is %v", name, q.Query, answered, compared)
		}
		if score, ok := s.Measure(page); !ok || score.Value != q.A.Value {
			t.Errorf("%s measures %q as %v, compared is %v", name, q.Query, score.Value, q.A.Value)
		}
	}
}

// TestUnkeptWeightsAsASide: what the sliders say, as a name, is what they are.
func TestUnkeptWeightsAsASide(t *testing.T) {
	s := lampShop(t)
	draft := s.Ranker()
	draft.Weights = slices.Clone(draft.Weights)
	for i := range draft.Weights {
		draft.Weights[i].Weight = -1.0 / float64(i+3)
	}
	draft.Weights = append(draft.Weights[1:], engine.Weight{Feature: draft.Weights[0].Feature, Weight: 12345678.25})
	name := s.SlidersSide(&draft)
	side, err := s.Side(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range draft.Weights {
		if got := side.Ranker.Weight(w.Feature); got != w.Weight {
			t.Errorf("%s: %s is %v, the slider stands at %v", name, w.Feature, got, w.Weight)
		}
	}
	if r := s.Ranker(); s.SlidersSide(&r) != "default" {
		t.Errorf("nothing was moved: %s", s.SlidersSide(&r))
	}
}
