package ui

import (
	"context"
	"strings"
	"testing"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

func (b *fakeBench) Remotes() []engine.Remote {
	return []engine.Remote{{Name: "shop", Kind: engine.OpenSearch, URLs: []string{"http://search.example:9200"}, Index: "products"}}
}
func (b *fakeBench) PutRemote(engine.Remote) error                         { return nil }
func (b *fakeBench) RemoveRemote(string) error                             { return nil }
func (b *fakeBench) UseRemote(string) error                                { return nil }
func (b *fakeBench) Move(context.Context, string, engine.OnProgress) error { return nil }
func (b *fakeBench) TryOut(_ context.Context, r engine.Remote, query string, _ int) (*workbench.Try, error) {
	return &workbench.Try{Method: "GET", URL: r.URLs[0], Status: 200, Raw: "{raw " + query + "}", Products: []engine.Product{{ID: "p1", Title: "Desk lamp"}}}, nil
}

// TestEngineForm: what was typed is the configuration, fields that were left
// empty leave their make's own way.
func TestEngineForm(t *testing.T) {
	newScreen(t)
	f := newEngineForm()
	f.name.SetText(" shop ")
	f.kind.SetSelected(string(engine.Solr))
	f.address.SetText("http://a:1 http://b:2")
	f.index.SetText("core")
	f.title.SetText("name")
	r := f.remote()
	if r.Name != "shop" || r.Kind != engine.Solr || len(r.URLs) != 2 || r.Index != "core" || r.Answer.Fields[engine.RoleTitle] != "name" || r.Request.Path != "" {
		t.Errorf("read %+v", r)
	}
}

// TestEngineDialogs: the list names each engine with its address, and the try-it
// screen shows the raw answer beside what is read of it.
func TestEngineDialogs(t *testing.T) {
	w := newTestWindow(t, Deps{Sample: func() (Bench, error) { return newFakeBench(), nil }})
	w.openFirst()
	w.wait()
	w.shell.act("catalogue.engines")
	shown := func() string { return words(w.win.Canvas().Overlays().Top()) }
	for _, want := range []string{"Queries stay on this machine", "shop: opensearch at http://search.example:9200 products", "Rank what it finds", "Try it"} {
		if !strings.Contains(shown(), want) {
			t.Errorf("the dialog lacks %q: %s", want, shown())
		}
	}
	w.tryEngine(w.engines().Remotes()[0])
	if !strings.Contains(shown(), "Nothing was asked yet.") {
		t.Errorf("the try-it screen says %s", shown())
	}
}
