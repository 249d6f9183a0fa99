package cli

import (
	"path/filepath"
	"reflect"
	"testing"

	"touchstone/engine"
)

// TestParseEngine: one text names an engine, its nodes, class and settings; what
// is not understood is an error.
func TestParseEngine(t *testing.T) {
	here, err := filepath.Abs("ca.pem")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]engine.Remote{
		"weaviate=http://127.0.0.1:8080": {URLs: []string{"http://127.0.0.1:8080"}},
		"weaviate=https://a:1/Shop,https://b:2/Shop?grpc=a:3,b:4&ca=ca.pem&consistency=QUORUM&replication=3&shards=4&timeout=20": {
			URLs: []string{"https://a:1", "https://b:2"}, Index: "Shop", GRPC: "a:3,b:4", CA: here, Consistency: "QUORUM", Replication: 3, Shards: 4, Timeout: 20},
	} {
		want.Name, want.Kind = "weaviate", engine.Weaviate
		if got, err := parseEngine(text); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v; want %+v", text, got, err, want)
		}
	}
	for _, text := range []string{"weaviate=", "weaviate=127.0.0.1:8080/Shop", "weaviate=http://a?shards=many", "weaviate=http://a?colour=red", "weaviate=http://a?%zz"} {
		if got, err := parseEngine(text); err == nil {
			t.Errorf("%s was read as %+v", text, got)
		}
	}
}
