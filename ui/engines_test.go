package ui

import (
	"context"
	"reflect"
	"strings"
	"testing"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/ui/widgets"
)

func (b *fakeBench) Remotes() []engine.Remote {
	return []engine.Remote{{Name: "shop", Kind: engine.OpenSearch, URLs: []string{"http://search.example:9200"}, Index: "products"}}
}
func (b *fakeBench) PutRemote(engine.Remote) error                         { return nil }
func (b *fakeBench) PutSecret(string, string) error                        { return nil }
func (b *fakeBench) RemoveRemote(string) error                             { return nil }
func (b *fakeBench) UseRemote(string) error                                { return nil }
func (b *fakeBench) Move(context.Context, string, engine.OnProgress) error { return nil }
func (b *fakeBench) TryOut(_ context.Context, r engine.Remote, query string, _ int) (*workbench.Try, error) {
	return &workbench.Try{Method: "GET", URL: r.URLs[0], Status: 200, Raw: "{raw " + query + "}", Products: []engine.Product{{ID: "p1", Title: "Desk lamp"}}}, nil
}

// TestEngineForm: what was typed is the configuration; fields that were left
// empty leave their make's own way, and those of another kind go.
func TestEngineForm(t *testing.T) {
	newScreen(t)
	try := widgets.NewButton("Try it", widgets.Bordered, nil)
	f := newEngineForm(engine.Remote{}, try)
	if try.Visible() {
		t.Error("a Weaviate can be tried")
	}
	put := func(name, text string) {
		t.Helper()
		for _, field := range f.fields {
			if field.name == name {
				field.entry.SetText(text)
				return
			}
		}
		t.Fatalf("the form has no field %q", name)
	}
	read := func() engine.Remote {
		t.Helper()
		r, err := f.remote()
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	f.kind.SetSelected("Solr")
	if !try.Visible() {
		t.Error("a Solr cannot be tried")
	}
	put("Name", " shop ")
	put("Address", "http://a:1 http://b:2")
	put("Index or core", "core")
	put("Headers", "X-Shop=de, X-Api-Key={{key}}")
	put("Fields of a hit", "title=name,price = cost")
	put("Shards of a new class", "3") // of Weaviate
	put("Seconds to wait", "2.5")
	want := engine.Remote{Name: "shop", Kind: engine.Solr, URLs: []string{"http://a:1", "http://b:2"}, Index: "core", Timeout: 2.5,
		Request: engine.RemoteRequest{Header: map[string]string{"X-Shop": "de", "X-Api-Key": "{{key}}"}},
		Answer:  engine.RemoteAnswer{Fields: map[engine.Role]string{engine.RoleTitle: "name", engine.RolePrice: "cost"}}}
	if r := read(); !reflect.DeepEqual(r, want) {
		t.Errorf("read %+v, want %+v", r, want)
	}
	put("Seconds to wait", "soon")
	if _, err := f.remote(); err == nil || !strings.Contains(err.Error(), "soon") {
		t.Errorf("%v; want it to say that soon is no number", err)
	}
	there := engine.Remote{Name: "far", Kind: engine.Weaviate, URLs: []string{"https://w:8080"}, Index: "Shop", CA: "ca.pem", Shards: 2, Replication: 3, Consistency: "QUORUM", GRPC: "w:50051"}
	f = newEngineForm(there, try)
	if try.Visible() {
		t.Error("a Weaviate that is there can be tried")
	}
	if r := read(); !reflect.DeepEqual(r, there) {
		t.Errorf("read %+v, want what was there: %+v", r, there)
	}
	f.kind.SetSelected("Any that answers JSON")
	if r := read(); r.Shards != 0 || r.Consistency != "" || r.GRPC != "" || r.CA != "ca.pem" {
		t.Errorf("another kind still has Weaviate's settings: %+v", r)
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
	for _, want := range []string{"Queries stay on this machine", "shop: OpenSearch at http://search.example:9200 products", "Rank what it finds", "Try it"} {
		if !strings.Contains(shown(), want) {
			t.Errorf("the dialog lacks %q: %s", want, shown())
		}
	}
	w.editEngine(w.engines().Remotes()[0])
	if !strings.Contains(shown(), "never in the workspace") {
		t.Errorf("the form says %s", shown())
	}
	press(t, w.win.Canvas().Overlays().Top(), "Try it…")
	if !strings.Contains(shown(), "Nothing was asked yet.") {
		t.Errorf("the try-it screen of the form says %s", shown())
	}
	w.asking.Dismiss()
	if !strings.Contains(shown(), "never in the workspace") {
		t.Errorf("after trying the form is gone: %s", shown())
	}
	w.asking.Dismiss()
	if w.asking != nil || w.win.Canvas().Overlays().Top() != nil {
		t.Errorf("the form does not close: %s", shown())
	}
	w.tryEngine(w.engines().Remotes()[0])
	if !strings.Contains(shown(), "Nothing was asked yet.") {
		t.Errorf("the try-it screen says %s", shown())
	}
}
