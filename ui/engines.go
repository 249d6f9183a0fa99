package ui

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

// Engines is what the window asks of a workspace about search engines beyond
// this machine.
type Engines interface {
	Remotes() []engine.Remote
	PutRemote(r engine.Remote) error
	PutSecret(name, secret string) error
	RemoveRemote(name string) error
	UseRemote(name string) error
	Move(ctx context.Context, to string, progress engine.OnProgress) error
	TryOut(ctx context.Context, r engine.Remote, query string, k int) (*workbench.Try, error)
}

// engineActions are what can be done with engines.
func (w *window) engineActions() []action {
	can := func() bool { return w.engines() != nil && !w.shell.bench.Status().ReadOnly }
	return []action{
		{id: "catalogue.engines", name: "Search engines…", group: groupCatalogue, apart: true, enabled: can, why: noWorkspaceYet, run: w.showEngines},
		{id: "catalogue.move", name: "Bring the catalogue to this machine", group: groupCatalogue, why: "The catalogue is on this machine.",
			enabled: func() bool { return can() && w.shell.bench.Status().Source.Catalogue != "" }, run: func() { w.moveTo(workbench.Local) }},
	}
}

func (w *window) engines() Engines {
	engines, _ := w.shell.bench.(Engines)
	return engines
}

const enginesWidth = 640

// showEngines lists the engines of the workspace, says where queries go, and
// takes in another one.
func (w *window) showEngines() {
	engines := w.engines()
	source := w.shell.bench.Status().Source
	column := container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap3))
	goes := locale.T("Queries stay on this machine.")
	if source.Address != "" {
		goes = locale.T("Queries go to %s, %s.", engineInUse(source), source.Address)
	}
	column.Add(widgets.NewParagraph(goes, enginesWidth, widgets.Style{Bold: true}))
	if len(engines.Remotes()) == 0 {
		column.Add(widgets.NewParagraph(locale.T("A shop’s own search – OpenSearch, Elasticsearch, Solr – can find the products that are ranked here, and Weaviate can keep a catalogue that is too large for one machine."),
			enginesWidth, widgets.Style{Colour: theme.ColorMuted}))
	}
	leave := func(do func()) func() { return func() { w.asking.Dismiss(); do() } }
	for _, r := range engines.Remotes() {
		var buttons []fyne.CanvasObject
		add := func(label string, do func()) {
			buttons = append(buttons, widgets.NewButton(label, widgets.Bordered, leave(do)))
		}
		switch {
		case r.Name == source.Catalogue:
			add(locale.T("Bring the catalogue here"), func() { w.moveTo(workbench.Local) })
		case r.Kind == engine.Weaviate && source.Catalogue == "":
			add(locale.T("Keep the catalogue there"), func() { w.moveTo(r.Name) })
		case r.Kind != engine.Weaviate && r.Name == source.Candidates:
			add(locale.T("Search here again"), func() { w.changeEngines(func() error { return engines.UseRemote(workbench.Local) }) })
		case r.Kind != engine.Weaviate:
			add(locale.T("Rank what it finds"), func() { w.changeEngines(func() error { return engines.UseRemote(r.Name) }) })
		}
		if r.Kind != engine.Weaviate {
			add(locale.T("Try it…"), func() { w.tryEngine(r) })
		}
		add(locale.T("Change…"), func() { w.editEngine(r) })
		if r.Name != source.Catalogue {
			add(locale.T("Forget"), func() { w.changeEngines(func() error { return engines.RemoveRemote(r.Name) }) })
		}
		column.Add(container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap),
			widgets.NewText(locale.T("%s: %s at %s %s", r.Name, locale.T(remoteKindNames[r.Kind]), strings.Join(r.URLs, " "), r.Index), widgets.Style{Cut: true}),
			container.NewHBox(buttons...)))
	}
	w.show(locale.T("Search engines"), column,
		widgets.NewButton(locale.T("Add an engine…"), widgets.Primary, leave(func() { w.editEngine(engine.Remote{}) })))
}

func engineInUse(s workbench.Source) string {
	if s.Candidates != "" {
		return s.Candidates
	}
	return s.Catalogue
}

// changeEngines changes the engines beside the window.
func (w *window) changeEngines(change func() error) {
	w.shell.work(locale.T("Search engines"), func(context.Context, engine.OnProgress) notice {
		if err := change(); err != nil {
			return failure(locale.T("The engines stay as they were"), err)
		}
		return notice{text: locale.T("Queries go to %s.", w.engineStatus())}
	})
}

func (w *window) engineStatus() string {
	source := w.shell.bench.Status().Source
	if source.Address == "" {
		return locale.T("this machine")
	}
	return together(engineInUse(source), source.Address)
}

// moveTo keeps the catalogue at an engine, or here.
func (w *window) moveTo(to string) {
	engines := w.engines()
	w.shell.work(locale.T("Moving the catalogue"), func(ctx context.Context, progress engine.OnProgress) notice {
		if err := engines.Move(ctx, to, progress); err != nil {
			return failure(locale.T("The catalogue was not moved"), err)
		}
		return notice{text: locale.T("The catalogue has moved. Queries go to %s.", w.engineStatus())}
	})
}
