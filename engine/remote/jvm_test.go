package remote_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"touchstone/engine"
	"touchstone/engine/exchange"
	"touchstone/engine/model"
	"touchstone/engine/rank"
	"touchstone/engine/remote"
)

// jvmVariable names the folder in which "make jvm-test" puts the real servers.
// Tests without it skip.
const jvmVariable = "TOUCHSTONE_JVM_SERVERS"

// serverOf starts the real Solr or OpenSearch in a folder; its address.
func serverOf(t *testing.T, main, kind, folder string) string {
	t.Helper()
	servers := os.Getenv(jvmVariable)
	if servers == "" {
		t.Skipf("%s names no folder of servers; \"make jvm-test\" makes one and runs this", jvmVariable)
	}
	cmd := exec.CommandContext(t.Context(), "java", "-Xmx768m", "-cp", filepath.Join(servers, "classes")+":"+filepath.Join(servers, kind, "*"), main, folder)
	var said bytes.Buffer
	cmd.Stderr = &said
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	t.Cleanup(func() { in.Close(); <-ended; _ = cmd.Wait() }) // says how it was stopped
	lines := bufio.NewScanner(out)
	var port string
	for port == "" && lines.Scan() {
		if n, ok := strings.CutPrefix(lines.Text(), "ready "); ok {
			port = n
		}
	}
	go func() { _, _ = io.Copy(io.Discard, out); close(ended) }()
	if port == "" {
		t.Fatalf("%s did not start: %s", kind, &said)
	}
	return "http://127.0.0.1:" + port
}

// send makes a request that must succeed.
func send(t *testing.T, method, address string, body any) []byte {
	t.Helper()
	var data []byte
	switch b := body.(type) {
	case []byte:
		data = b
	default:
		var err error
		if data, err = json.Marshal(body); err != nil {
			t.Fatal(err)
		}
	}
	r, err := http.NewRequestWithContext(t.Context(), method, address, bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode >= 300 {
		t.Fatalf("%s %s: %d %s, %v", method, address, res.StatusCode, answer, err)
	}
	return answer
}

// lamps are documents with a title and, as f_NAME, a value of each feature.
func lamps(n int) (docs []map[string]any, m rank.Matrix) {
	names := rank.Features()
	m = rank.Matrix{Rows: n, Columns: len(names), Values: make([]float64, n*len(names))}
	rng := rand.New(rand.NewPCG(4, 4))
	for i := range n {
		doc := map[string]any{"id": fmt.Sprintf("p%03d", i), "title": fmt.Sprintf("Desk lamp no %d", i), "price": float64(i) + 0.5}
		for k, f := range names {
			m.Row(i)[k] = float64(float32(rng.Float64())) // Solr's features are in single precision
			doc["f_"+f.Name] = m.Row(i)[k]
		}
		docs = append(docs, doc)
	}
	return docs, m
}

// reads checks that a shop's own search is read as it stands.
func reads(t *testing.T, r engine.Remote, n int) {
	t.Helper()
	s, err := remote.NewShop(r, "")
	if err != nil {
		t.Fatal(err)
	}
	found, err := s.Retrieve(t.Context(), engine.Request{Analysis: engine.Analysis{Input: `desk "lamp" 17 & co`}, Depth: 5})
	if err != nil {
		t.Fatal(err)
	}
	if len(found.Brought) != 5 || found.Total != n || found.Brought[0].Product.ID != "p017" || found.Brought[0].Product.Title != "Desk lamp no 17" || found.Brought[0].Product.Price.Value != 17.5 {
		t.Errorf("%d of %d, the first %+v", len(found.Brought), found.Total, found.Brought[0].Product)
	}
	r.Index = "nothing"
	if s, err = remote.NewShop(r, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Retrieve(t.Context(), engine.Request{Analysis: engine.Analysis{Input: "lamp"}, Depth: 5}); err == nil || !strings.Contains(err.Error(), "shop") {
		t.Errorf("an index that is not there: %v", err)
	}
}

// rankers are a weighted sum and trees, on real features.
func rankers(t *testing.T) []engine.Ranker {
	t.Helper()
	rng := rand.New(rand.NewPCG(9, 9))
	linear := engine.Ranker{Name: "linear", Kind: engine.Linear}
	trees := engine.Ranker{Name: "trees", Kind: engine.Trees}
	for _, f := range rank.Features() {
		linear.Weights = append(linear.Weights, engine.Weight{Feature: f.Name, Weight: rng.Float64()*2 - 1, Offset: 0.25, Scale: 0.5})
		trees.Weights = append(trees.Weights, engine.Weight{Feature: f.Name})
	}
	var forest model.Forest
	for range 20 {
		tree := model.Tree{}
		var grow func(deep int) int
		grow = func(deep int) int {
			at := len(tree)
			tree = append(tree, model.Node{Value: float64(float32(rng.Float64()*2 - 1)), Rows: 1})
			if deep > 0 {
				n := model.Node{Feature: rng.IntN(len(trees.Weights)), Threshold: float64(float32(rng.Float64())), Rows: float64(int(1) << deep)}
				n.Left = grow(deep - 1)
				n.Right = grow(deep - 1)
				tree[at] = n
			}
			return at
		}
		grow(3)
		forest.Trees = append(forest.Trees, tree)
	}
	var err error
	if trees.Model, err = json.Marshal(forest); err != nil {
		t.Fatal(err)
	}
	return []engine.Ranker{linear, trees}
}

// TestRealSolr: its search is read, and the learned rankers that were exported to
// it put its products in the order in which they stand here.
func TestRealSolr(t *testing.T) {
	home := t.TempDir()
	if err := os.CopyFS(home, os.DirFS("testdata/jvm/solr")); err != nil {
		t.Fatal(err)
	}
	address := serverOf(t, "SolrMain", "solr", home) + "/solr"
	const n = 60
	docs, m := lamps(n)
	send(t, "POST", address+"/touchstone/update?commit=true", docs)
	reads(t, engine.Remote{Name: "shop", Kind: engine.Solr, URLs: []string{address}, Index: "touchstone"}, n)

	var features []map[string]any
	for _, f := range rank.Features() {
		features = append(features, map[string]any{"store": "touchstone", "name": f.Name, "class": "org.apache.solr.ltr.feature.FieldValueFeature", "params": map[string]any{"field": "f_" + f.Name}})
	}
	send(t, "PUT", address+"/touchstone/schema/feature-store", features)
	items := make([]engine.Candidate, n)
	for i := range items {
		items[i].Product = docs[i]["id"].(string)
	}
	for _, r := range rankers(t) {
		file := filepath.Join(t.TempDir(), "model.json")
		if err := exchange.WriteRanker(file, "solr-ltr", r); err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		send(t, "PUT", address+"/touchstone/schema/model-store", data)
		var answer struct {
			Response struct{ Docs []struct{ ID string } }
		}
		query := url.Values{"q": {"*:*"}, "rows": {fmt.Sprint(n)}, "fl": {"id,score"}, "rq": {fmt.Sprintf("{!ltr model=%s reRankDocs=%d}", r.Name, n)}}
		if err := json.Unmarshal(send(t, "GET", address+"/touchstone/select?"+query.Encode(), nil), &answer); err != nil {
			t.Fatal(err)
		}
		var got, want []string
		for _, d := range answer.Response.Docs {
			got = append(got, d.ID)
		}
		scorer, err := rank.NewScorer(&r)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range scorer.Order(items, &m) {
			want = append(want, items[o.Index].Product)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: deployed %v, here %v", r.Name, got, want)
		}
	}
}

// TestRealOpenSearch: its search is read. Its plugin for learned rankers is not
// to be had from a registry for this version.
func TestRealOpenSearch(t *testing.T) {
	home := t.TempDir()
	if err := os.Mkdir(filepath.Join(home, "config"), 0o755); err != nil {
		t.Fatal(err)
	}
	address := serverOf(t, "OpenSearchMain", "opensearch", home)
	docs, _ := lamps(40)
	var bulk bytes.Buffer
	encoder := json.NewEncoder(&bulk)
	for _, d := range docs {
		if err := encoder.Encode(map[string]any{"index": map[string]any{"_id": d["id"]}}); err != nil {
			t.Fatal(err)
		}
		if err := encoder.Encode(map[string]any{"title": d["title"], "price": d["price"]}); err != nil {
			t.Fatal(err)
		}
	}
	send(t, "PUT", address+"/touchstone", map[string]any{"settings": map[string]any{"number_of_shards": 1, "number_of_replicas": 0}})
	send(t, "POST", address+"/touchstone/_bulk?refresh=true", bulk.Bytes())
	reads(t, engine.Remote{Name: "shop", Kind: engine.OpenSearch, URLs: []string{address}, Index: "touchstone",
		Answer: engine.RemoteAnswer{Fields: map[engine.Role]string{engine.RoleTitle: "title", engine.RolePrice: "_source.price"}}}, len(docs))
}
