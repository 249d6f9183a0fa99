package retrieve

import (
	"context"
	"errors"
	"io"
	"maps"
	"os"
	"slices"
	"sync"
	"testing"

	"touchstone/engine"
	"touchstone/engine/exchange"
	"touchstone/engine/measure"
	"touchstone/engine/text"
)

// electronics is a real catalogue that lies beside the repository on some
// machines: 19,406 products, 90 judged queries.
const electronics = "../../../shared/data/electronics/"

// catalogue reads the products once.
var catalogue = sync.OnceValues(func() ([]engine.Product, error) {
	c, err := exchange.OpenCatalogue(electronics+"products.jsonl.gz", exchange.CatalogueOptions{})
	if err != nil {
		return nil, err
	}
	defer c.Close()
	var products []engine.Product
	for {
		p, err := c.Next()
		if errors.Is(err, io.EOF) {
			return products, nil
		}
		if err != nil {
			return nil, err
		}
		products = append(products, p)
	}
})

func products(t testing.TB) []engine.Product {
	t.Helper()
	if _, err := os.Stat(electronics); err != nil {
		t.Skip("needs ../shared/data/electronics")
	}
	list, err := catalogue()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func english(t testing.TB) *text.Analyzer {
	t.Helper()
	a, err := text.New("en")
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// build makes a segment of products, in rows 0, 1, …
func build(t testing.TB, a *text.Analyzer, products []engine.Product) *Segment {
	t.Helper()
	b := NewBuilder(a, nil)
	for i := range products {
		b.Add(uint32(i), &products[i])
	}
	return opened(t, b)
}

// opened is the segment of what was put into b.
func opened(t interface {
	Helper()
	Fatal(...any)
}, b *Builder) *Segment {
	t.Helper()
	data, err := b.Build(1)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(data)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func judged(t testing.TB) engine.Qrels {
	t.Helper()
	judgments, err := exchange.OpenJudgments(electronics+"judgments.csv", exchange.JudgmentOptions{})
	if err != nil {
		t.Fatal(err)
	}
	qrels := engine.Qrels{}
	for _, j := range judgments.Judgments {
		if qrels[j.Query] == nil {
			qrels[j.Query] = map[string]engine.Grade{}
		}
		qrels[j.Query][j.Product] = j.Grade
	}
	return qrels
}

// TestWordsOnElectronics holds the words' order of a real catalogue above that
// of plain BM25 over all text, which has 0.722 and 0.774.
func TestWordsOnElectronics(t *testing.T) {
	list := products(t)
	a := english(t)
	x := NewIndex([]*Segment{build(t, a, list)}, nil, Options{})
	qrels := judged(t)
	metric := measure.Metric{Kind: measure.NDCG, K: 10}
	for _, test := range []struct {
		scope string
		only  bool
		bar   float64
	}{{"whole", false, 0.75}, {"judged", true, 0.80}} {
		runs := map[string][]string{}
		for query, grades := range qrels {
			req := engine.Request{Analysis: a.Analyze(query)}
			if test.only {
				req.Only, req.Include = true, slices.Sorted(maps.Keys(grades))
			}
			found, err := x.Retrieve(context.Background(), req)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range found.Items {
				runs[query] = append(runs[query], c.Product)
			}
		}
		e := metric.Evaluate(runs, qrels)
		t.Logf("%s: NDCG@10 %.4f of %d queries", test.scope, e.Mean, len(e.Scores))
		if e.Mean < test.bar {
			t.Errorf("%s: NDCG@10 %.4f, want at least %.2f", test.scope, e.Mean, test.bar)
		}
	}
}

// TestLanguageOfElectronics holds that English titles, which have few stop words
// and many names, are taken for English, a few hundred at a time, alone and with
// their descriptions.
func TestLanguageOfElectronics(t *testing.T) {
	list := products(t)
	for first := 0; first+500 <= len(list); first += 500 {
		var titles, texts []string
		for _, p := range list[first : first+500] {
			titles, texts = append(titles, p.Title), append(texts, p.Title+"\n"+p.Description)
		}
		for _, of := range [][]string{titles, texts} {
			if got := text.DetectLanguage(of); got != "en" {
				t.Errorf("products %d to %d are taken for %q", first, first+499, got)
			}
		}
	}
}

func BenchmarkBuild(b *testing.B) {
	list, a := products(b), english(b)
	for b.Loop() {
		builder := NewBuilder(a, nil)
		for i := range list {
			builder.Add(uint32(i), &list[i])
		}
		data, err := builder.Build(1)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(data))/1e6, "MB")
	}
}

func BenchmarkOpen(b *testing.B) {
	builder := NewBuilder(english(b), nil)
	for i, list := 0, products(b); i < len(list); i++ {
		builder.Add(uint32(i), &list[i])
	}
	data, err := builder.Build(1)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		s, err := Open(data)
		if err != nil {
			b.Fatal(err)
		}
		NewIndex([]*Segment{s}, nil, Options{})
	}
}

func BenchmarkWords(b *testing.B) {
	a := english(b)
	x := NewIndex([]*Segment{build(b, a, products(b))}, nil, Options{})
	var queries []engine.Analysis
	for _, query := range slices.Sorted(maps.Keys(judged(b))) {
		queries = append(queries, a.Analyze(query))
	}
	i := 0
	for b.Loop() {
		if _, err := x.Retrieve(context.Background(), engine.Request{Analysis: queries[i%len(queries)]}); err != nil {
			b.Fatal(err)
		}
		i++
	}
}
