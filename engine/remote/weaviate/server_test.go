package weaviate

import (
	"os"
	"strings"
	"testing"

	"touchstone/engine"
	"touchstone/engine/remote/weaviate/weaviatetest"
)

// one is the node that tests share which break nothing, and dir its data.
var (
	one []*weaviatetest.Node
	dir string
)

func TestMain(m *testing.M) {
	code := m.Run()
	weaviatetest.Stop(one)
	os.RemoveAll(dir)
	os.Exit(code)
}

// shared is that node, with a class of the test's own.
func shared(t testing.TB) engine.Remote {
	t.Helper()
	needServer(t)
	if one == nil {
		var err error
		if dir, err = os.MkdirTemp("", "touchstone-weaviate-"); err == nil {
			one, err = weaviatetest.Start(dir, 1)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	r := weaviatetest.Remote(one)
	r.Index = strings.ReplaceAll(t.Name(), "/", "_")
	return r
}

func needServer(t testing.TB) {
	t.Helper()
	if testing.Short() {
		t.Skip("it starts servers")
	}
	if _, err := weaviatetest.Binary(); err != nil {
		t.Skip(err)
	}
}

// cluster starts n nodes for one test.
func cluster(t testing.TB, n int) []*weaviatetest.Node {
	t.Helper()
	needServer(t)
	nodes, err := weaviatetest.Start(t.TempDir(), n)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := weaviatetest.Stop(nodes); err != nil {
			t.Error(err)
		}
	})
	return nodes
}
