package workbench_test

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/storage"
)

// wordVectors is an encoder without a model: a text's vector is the sum of a
// random direction for each of its words, so that texts that share words are
// near each other.
type wordVectors struct {
	encoded atomic.Int64 // texts so far
	stopAt  int64        // cancels after so many texts; 0 never
	cancel  context.CancelFunc
	above   bool // every two texts are somewhat alike, as real encoders have it
}

func (e *wordVectors) Dim() int     { return 32 }
func (e *wordVectors) Name() string { return "words" }

func (e *wordVectors) Encode(ctx context.Context, texts []string) ([][]float32, error) {
	vectors := make([][]float32, len(texts))
	for i, text := range texts {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		vectors[i] = e.of(text)
		if e.encoded.Add(1) == e.stopAt {
			e.cancel()
		}
	}
	return vectors, nil
}

func (e *wordVectors) EncodeQuery(_ context.Context, query string) ([]float32, error) {
	return e.of(query), nil
}

func (e *wordVectors) of(text string) []float32 {
	v := vectorOf(text)
	for i := range v {
		if e.above && v[i] < 0 {
			v[i] = -v[i]
		}
	}
	return v
}

func vectorOf(text string) []float32 {
	sum := make([]float32, 32)
	for _, word := range strings.Fields(strings.ToLower(text)) {
		h := fnv.New64a()
		h.Write([]byte(word))
		rng := rand.New(rand.NewPCG(h.Sum64(), 0))
		for i := range sum {
			sum[i] += float32(rng.NormFloat64())
		}
	}
	var squares float64
	for _, v := range sum {
		squares += float64(v * v)
	}
	for i := range sum {
		sum[i] /= float32(max(math.Sqrt(squares), 1e-9))
	}
	return sum
}

// shop is a bench on a new workspace in a folder of the test's own.
type shop struct {
	*workbench.Bench
	t       *testing.T
	path    string
	encoder *wordVectors
}

func newShop(t *testing.T) *shop {
	t.Helper()
	s := &shop{t: t, path: filepath.Join(t.TempDir(), "shop.touchstone"), encoder: &wordVectors{}}
	store, err := storage.Create(s.path, storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s.use(store)
	return s
}

func (s *shop) use(store *storage.Workspace) {
	s.t.Helper()
	var err error
	s.Bench, err = workbench.Open(s.t.Context(), store, func(string) (engine.Encoder, error) { return s.encoder, nil })
	if err != nil {
		s.t.Fatal(err)
	}
	bench := s.Bench
	s.t.Cleanup(func() { bench.Close() })
}

// reopen closes the workspace and opens it again.
func (s *shop) reopen() {
	s.t.Helper()
	if err := s.Close(); err != nil {
		s.t.Fatal(err)
	}
	store, err := storage.Open(s.path, storage.Options{})
	if err != nil {
		s.t.Fatal(err)
	}
	s.use(store)
}

// file writes lines to a file of the test's own.
func (s *shop) file(name string, lines ...string) string {
	s.t.Helper()
	path := filepath.Join(s.t.TempDir(), name)
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
		s.t.Fatal(err)
	}
	return path
}

func (s *shop) importLines(lines ...string) *workbench.ImportReport {
	s.t.Helper()
	report, err := s.Import(s.t.Context(), []string{s.file("products.csv", lines...)}, nil, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return report
}

func (s *shop) search(query string) *workbench.Page {
	s.t.Helper()
	page, err := s.Search(s.t.Context(), workbench.SearchRequest{Query: query})
	if err != nil {
		s.t.Fatal(err)
	}
	return page
}

func (s *shop) grade(query, product string, g engine.Grade) {
	s.t.Helper()
	if err := s.Grade(s.t.Context(), query, product, g); err != nil {
		s.t.Fatal(err)
	}
}

// gradeOf is the grade that the page shows beside a product, -1 for none.
func gradeOf(page *workbench.Page, product string) engine.Grade {
	for _, r := range page.Results {
		if r.Product.ID == product && r.Grade != nil {
			return *r.Grade
		}
	}
	return -1
}

var lamps = []string{
	"id,title,brand,price,description",
	"l1,Desk lamp with dimmer,Lumo,49.90,Warm light for the desk",
	"l2,Floor lamp oak,Lumo,129,Stands beside the sofa",
	"l3,Lamp shade linen,Tela,19,Shade for a table lamp",
	"b1,Bulb E27 warm white,Lumo,4.50,Fits every lamp",
	"c1,Cushion cover velvet,Tela,15,Soft",
}

func TestImportSearchExplain(t *testing.T) {
	s := newShop(t)
	report := s.importLines(lamps...)
	if report.Added != 5 || report.Model != "minilm" || report.Language != "en" {
		t.Errorf("report %+v: want 5 added, minilm, en", report)
	}
	page := s.search("desk lamp")
	if len(page.Results) == 0 || page.Results[0].Product.ID != "l1" {
		t.Fatalf("results %v: the desk lamp is not first", page.Results)
	}
	for _, r := range page.Results {
		var sum float64
		for _, c := range r.Contributions {
			sum += c.Contribution
		}
		if sum != r.Score {
			t.Errorf("%s: contributions sum to %v, the score is %v", r.Product.ID, sum, r.Score)
		}
	}
	if status := s.Status(); status.Products != 5 || status.Encoded != 5 {
		t.Errorf("status %+v: want 5 products, all encoded", status)
	}
}

func TestEmptyWorkspaceAnswersEmptyPages(t *testing.T) {
	s := newShop(t)
	if page := s.search("lamp"); len(page.Results) != 0 || page.Total != 0 {
		t.Errorf("an empty workspace found %v", page.Results)
	}
	s.importLines(lamps...)
	if page := s.search("   "); len(page.Results) != 0 {
		t.Errorf("an empty query found %v", page.Results)
	}
	if page := s.search(strings.Repeat("lamp ", 2000)); len(page.Results) == 0 {
		t.Error("a query of 10,000 characters found nothing")
	}
}

func TestReimportChangesOnlyWhatDiffers(t *testing.T) {
	s := newShop(t)
	s.importLines(lamps...)
	before := s.encoder.encoded.Load()
	report := s.importLines(append(append([]string{}, lamps[:5]...), "c1,Cushion cover cord,Tela,15,Soft", "n1,Night light,Lumo,9,For children")...)
	if report.Added != 1 || report.Changed != 1 || report.Unchanged != 4 {
		t.Errorf("added %d, changed %d, unchanged %d: want 1, 1, 4", report.Added, report.Changed, report.Unchanged)
	}
	if n := s.encoder.encoded.Load() - before; n != 2 {
		t.Errorf("%d texts were encoded again, 2 are new", n)
	}
	if page := s.search("cord"); len(page.Results) == 0 || page.Results[0].Product.ID != "c1" {
		t.Error("the changed title is not found")
	}
	report = s.importLines(append([]string{"id,title,brand,price,description"}, "l1,Desk lamp with dimmer,Lumo,59.90,Warm light for the desk")...)
	if report.Changed != 1 || s.encoder.encoded.Load()-before != 2 {
		t.Errorf("a new price: changed %d, and its text, which is the same, was encoded again", report.Changed)
	}
}

func TestImportCancelledWhileEncodingResumes(t *testing.T) {
	s := newShop(t)
	lines := []string{"id,title"}
	for i := range 1500 {
		lines = append(lines, fmt.Sprintf("p%d,thing number%d kind%d", i, i, i%7))
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	s.encoder.stopAt, s.encoder.cancel = 700, cancel
	report, err := s.Import(ctx, []string{s.file("products.csv", lines...)}, nil, nil)
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v, want cancelled", err)
	}
	if report.Added != 1500 {
		t.Errorf("report %+v: the products were stored before", report)
	}
	status := s.Status()
	if status.Products != 1500 || status.Encoded == 0 || status.Encoded == 1500 {
		t.Fatalf("status %+v: want all products, some of them encoded", status)
	}
	if page := s.search("number1400"); len(page.Results) == 0 || page.Results[0].Product.ID != "p1400" {
		t.Error("a product without a vector is not found by its words")
	}
	s.reopen()
	before := s.encoder.encoded.Load()
	if err := s.Hide(t.Context(), true, "p1400"); err != nil {
		t.Fatal(err)
	}
	if err := s.Edit(t.Context(), engine.Product{ID: "p1401", Title: "thing altered"}); err != nil {
		t.Fatal(err)
	}
	if n := s.encoder.encoded.Load() - before; n != 1 {
		t.Errorf("to change a product encoded %d texts, not its own alone", n)
	}
	if err := s.Hide(t.Context(), false, "p1400"); err != nil {
		t.Fatal(err)
	}
	if err := s.Resume(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if got := s.Status().Encoded; got != 1500 {
		t.Errorf("%d of 1500 encoded after resuming", got)
	}
	if n := s.encoder.encoded.Load(); n >= 700+1500 {
		t.Errorf("%d texts encoded in all: resuming began from the start", n)
	}
}

func TestBadCataloguesChangeNothing(t *testing.T) {
	s := newShop(t)
	s.importLines(lamps...)
	for name, lines := range map[string][]string{
		"empty.csv":  nil,
		"broken.csv": {"\x00\x01\x02\x03"},
		"header.csv": {"id,title,price"},
	} {
		path := s.file(name, lines...)
		if lines == nil {
			if err := os.WriteFile(path, nil, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.Import(t.Context(), []string{path}, nil, nil); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: error %v, want one that names the file", name, err)
		}
	}
	if _, err := s.Import(t.Context(), []string{"/nowhere.csv"}, nil, nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
	if n := s.Status().Products; n != 5 {
		t.Errorf("%d products after bad imports, 5 before", n)
	}
}

func TestGradesAreDurableAndUndone(t *testing.T) {
	s := newShop(t)
	s.importLines(lamps...)
	s.grade("lamp", "l1", 3)
	s.grade("lamp", "l3", 1)
	s.grade("lamp", "l3", 0)
	if got := gradeOf(s.search("lamp"), "l3"); got != 0 {
		t.Errorf("grade shown %v, want 0", got)
	}
	s.reopen()
	undone, err := s.Undo()
	if err != nil || len(undone) != 1 || undone[0].After == nil || undone[0].After.Grade != 1 {
		t.Fatalf("undo after reopening: %+v %v; want the grade 1 back", undone, err)
	}
	page := s.search("lamp")
	if gradeOf(page, "l3") != 1 || gradeOf(page, "l1") != 3 {
		t.Errorf("grades %v and %v, want 1 and 3", gradeOf(page, "l3"), gradeOf(page, "l1"))
	}
	if err := s.Clear("lamp", "l1"); err != nil {
		t.Fatal(err)
	}
	if got := gradeOf(s.search("lamp"), "l1"); got != -1 {
		t.Errorf("a cleared grade shows as %v", got)
	}
	for range 3 {
		if undone, err := s.Undo(); len(undone) == 0 || err != nil {
			t.Fatalf("undo: %v %v", undone, err)
		}
	}
	if undone, err := s.Undo(); len(undone) > 0 || err != nil {
		t.Errorf("undo with nothing left: %v %v", undone, err)
	}
	if _, judgments := s.Status().Queries, s.Status().Judgments; judgments != 0 {
		t.Errorf("%d judgments left after all was undone", judgments)
	}
}

func TestGradesThatCannotBe(t *testing.T) {
	s := newShop(t)
	s.importLines(lamps...)
	for _, c := range []struct {
		query, product string
		grade          engine.Grade
	}{{"lamp", "l1", 4}, {"lamp", "l1", -1}, {"lamp", "l1", 1.5}, {"lamp", "l1", engine.Grade(math.NaN())}, {" ", "l1", 1}, {"lamp", "unknown", 1}} {
		if err := s.Grade(t.Context(), c.query, c.product, c.grade); err == nil {
			t.Errorf("grade %v of %s for %q was taken", c.grade, c.product, c.query)
		}
	}
	if n := s.Status().Judgments; n != 0 {
		t.Errorf("%d judgments stored", n)
	}
}

func TestMeasureAndRerank(t *testing.T) {
	s := newShop(t)
	s.importLines(lamps...)
	page := s.search("lamp")
	if _, ok := s.Measure(page); ok {
		t.Error("a query without grades was measured")
	}
	last := page.Results[len(page.Results)-1].Product.ID
	s.grade("lamp", last, 3)
	low, ok := s.Measure(page)
	if !ok || low.Judged != 1 || low.Value >= 1 {
		t.Fatalf("measured %+v %v", low, ok)
	}
	turned := s.Default()
	for i := range turned.Weights {
		turned.Weights[i].Weight = -turned.Weights[i].Weight
	}
	flipped, err := s.Rerank(page, turned)
	if err != nil {
		t.Fatal(err)
	}
	if flipped.Results[0].Product.ID != last {
		t.Errorf("with all weights turned round %s is first, %s was last", flipped.Results[0].Product.ID, last)
	}
	if high, _ := s.Measure(flipped); high.Value != 1 {
		t.Errorf("NDCG %v with the only relevant product first", high.Value)
	}
	if page.Results[0].Product.ID == last {
		t.Error("reranking changed the page it was given")
	}
	turned.Weights[0].Feature = "no such feature"
	if _, err := s.Rerank(page, turned); err == nil {
		t.Error("a ranker with an unknown feature ranked")
	}
}

func TestUseKeepsVersions(t *testing.T) {
	s := newShop(t)
	s.importLines(lamps...)
	first, err := s.Use(s.Default())
	if err != nil {
		t.Fatal(err)
	}
	second, err := s.Use(first)
	if err != nil {
		t.Fatal(err)
	}
	if first.Version != 1 || second.Version != 2 || second.Name == s.Default().Name {
		t.Errorf("versions %s %d and %s %d", first.Name, first.Version, second.Name, second.Version)
	}
	s.reopen()
	if r := s.Ranker(); r.Name != second.Name || r.Version != 2 {
		t.Errorf("after reopening %s v%d ranks", r.Name, r.Version)
	}
	if _, err := s.Named("nobody"); err == nil || !strings.Contains(err.Error(), second.Name) {
		t.Errorf("an unknown ranker: %v, want the known names", err)
	}
}

func TestJudgmentsInAndOut(t *testing.T) {
	s := newShop(t)
	s.importLines(lamps...)
	in := s.file("ratings.csv", "query,docid,rating", "lamp,l1,3", "lamp,l3,1", "lamp,gone,2", "Lamp,l1,0")
	report, err := s.ImportJudgments(t.Context(), in, "ann")
	if err != nil {
		t.Fatal(err)
	}
	if report.Read != 4 || report.Queries != 2 || report.Unknown != 1 {
		t.Errorf("report %+v: want 4 grades of 2 queries, 1 of an unknown product", report)
	}
	out := filepath.Join(t.TempDir(), "out.csv")
	if _, err := s.ExportJudgments(t.Context(), "quepid", out); err != nil {
		t.Fatal(err)
	}
	qrels, err := s.ReadQrels(t.Context(), out)
	if err != nil {
		t.Fatal(err)
	}
	if len(qrels) != 2 || qrels["lamp"]["gone"] != 2 || qrels["Lamp"]["l1"] != 0 || qrels["lamp"]["l1"] != 3 {
		t.Errorf("what was written reads as %v", qrels)
	}
	letor := filepath.Join(t.TempDir(), "out.letor")
	if _, err := s.ExportJudgments(t.Context(), "letor", letor); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(letor); err != nil || !strings.Contains(string(text), "qid:1") {
		t.Errorf("LETOR file %q %v", text, err)
	}
}

func TestEvaluateScopes(t *testing.T) {
	s := newShop(t)
	s.importLines(lamps...)
	if _, err := s.Evaluate(t.Context(), workbench.EvalRequest{}, nil); err == nil {
		t.Error("an evaluation without judgments gave a number")
	}
	s.grade("cushion", "c1", 3)
	s.grade("cushion", "l2", 0)
	s.grade("sofa", "b1", 0)
	for _, scope := range []workbench.Scope{workbench.All, workbench.Judged} {
		e, err := s.Evaluate(t.Context(), workbench.EvalRequest{Scope: scope}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if e.Mean != 1 || e.Queries != 1 || e.Skipped != 1 || e.Convention != "standard" || len(e.PerQuery) != 1 {
			t.Errorf("%s: %+v; want 1 over one query, one skipped", scope, e)
		}
	}
	if _, err := s.Evaluate(t.Context(), workbench.EvalRequest{Metric: "best@10"}, nil); err == nil {
		t.Error("an unknown metric was computed")
	}
}

func TestSimilar(t *testing.T) {
	s := newShop(t)
	s.importLines(lamps...)
	page, err := s.Similar(t.Context(), "l1", 3)
	if err != nil {
		t.Fatal(err)
	}
	if len(page.Results) != 3 {
		t.Fatalf("%d results, want 3", len(page.Results))
	}
	for i, r := range page.Results {
		if r.Product.ID == "l1" || r.Score != r.Contributions[0].Contribution || i > 0 && r.Score > page.Results[i-1].Score {
			t.Errorf("result %d: %+v", i+1, r)
		}
	}
	if _, err := s.Similar(t.Context(), "nobody", 3); err == nil {
		t.Error("something is similar to a product that is not there")
	}
}

// TestLearningAgainDoesNotDrift: learning twice from the same grades ends at the
// same weights, since the second time starts where the first did.
func TestLearningAgainDoesNotDrift(t *testing.T) {
	s := newShop(t)
	lines := []string{"id,title,rating"}
	for i := range 60 {
		lines = append(lines, fmt.Sprintf("p%02d,lamp colour%d number%d,%d.5", i, i%6, i, i%5))
	}
	s.importLines(lines...)
	for colour := range 6 {
		query := fmt.Sprintf("lamp colour%d", colour)
		for i := range 60 {
			s.grade(query, fmt.Sprintf("p%02d", i), engine.Grade(min(3, i%5)))
		}
	}
	var learned [2]*workbench.Learned
	for i := range learned {
		var err error
		if learned[i], err = s.Train(t.Context(), workbench.TrainRequest{Seed: 1}, nil); err != nil {
			t.Fatal(err)
		}
		if !learned[i].Adopted || learned[i].Score[1] <= learned[i].Score[0] {
			t.Fatalf("grades that follow the rating taught nothing: %+v", learned[i])
		}
	}
	for i, w := range learned[1].Ranker.Weights {
		if first := learned[0].Ranker.Weights[i]; w != first {
			t.Errorf("%s: %v after learning once, %v after learning again", w.Feature, first.Weight, w.Weight)
		}
	}
	if learned[1].Score != learned[0].Score {
		t.Errorf("scores %v and then %v", learned[0].Score, learned[1].Score)
	}
}

// TestLanguageOfAFewProducts: titles of names alone do not tell the language, what
// stands below them does.
func TestLanguageOfAFewProducts(t *testing.T) {
	s := newShop(t)
	report := s.importLines("id,title,description", "1,Chaussures de course,Légères et très confortables pour courir sur la route",
		"2,L'ordinateur portable,Avec un écran de quinze pouces", "3,Chaise de bureau,Une chaise pour le bureau avec des roulettes")
	if report.Language != "fr" {
		t.Errorf("language %q, want fr", report.Language)
	}
}
