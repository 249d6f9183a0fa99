package ui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"touchstone/engine"
	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

// rankerForm is a form in which a ranker can leave Touchstone.
type rankerForm struct{ label, format, ending string }

// rankerForms are all of them. Trees go to Elasticsearch and OpenSearch as
// xgboost+json.
var rankerForms = []rankerForm{
	{locale.Name("Touchstone"), "touchstone", ".json"},
	{locale.Name("Elasticsearch LTR"), "es-ltr", "-elasticsearch.json"},
	{locale.Name("OpenSearch LTR"), "opensearch-ltr", "-opensearch.json"},
	{locale.Name("Solr LTR"), "solr-ltr", "-solr.json"},
	{locale.Name("RankLib"), "ranklib", "-ranklib.txt"},
}

// rankerFormsOf are the forms that can hold a kind of ranker.
func rankerFormsOf(kind engine.Kind) []rankerForm {
	if kind == engine.DNN { // no other program has a place for a network
		return rankerForms[:1]
	}
	return rankerForms
}

// exportMenu offers the forms of a ranker below its button.
func (m *models) exportMenu(below *widgets.Button, r *engine.Ranker) {
	var items []*fyne.MenuItem
	for _, f := range rankerFormsOf(r.Kind) {
		items = append(items, fyne.NewMenuItem(f.label+locale.Name("…"), func() { m.export(r, f) }))
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(below)
	widget.NewPopUpMenu(fyne.NewMenu("", items...), m.sh.canvas).ShowAtPosition(at.AddXY(0, below.Size().Height+theme.Gap))
}

// export asks for a file and writes a ranker there.
func (m *models) export(r *engine.Ranker, f rankerForm) {
	ranker := *r
	m.sh.files.save(locale.T("Export %s: %s", rankerName(r, ""), f.label), r.Name+f.ending, func(path string) {
		m.sh.tasks.start(func(context.Context) func() {
			err := m.sh.bench.ExportRanker(ranker, f.format, path)
			return func() {
				if err != nil {
					m.sh.notices.tell(failure(locale.T("The ranker was not exported"), err))
					return
				}
				text := locale.T("The ranker is in %s.", path)
				if ranker.Kind == engine.Trees && f.format != rankerForms[0].format {
					text += locale.T(" Its weighted sum is written as trees in fine steps: products less than a step apart may change places.")
				}
				m.sh.notices.tell(notice{text: text})
			}
		}, true)
	})
}

// exportActions write the ranker in use.
func (m *models) exportActions() []action {
	var all []action
	for _, f := range rankerForms {
		all = append(all, action{id: "models.export." + f.format, name: f.label + "…", group: groupRanking, under: "Export the ranker in use", leads: true,
			enabled: func() bool {
				used := m.sh.bench.Ranker()
				return f.format == rankerForms[0].format || used.Kind != engine.DNN
			},
			why: "A network can be written for Touchstone only.",
			run: func() {
				used := m.sh.bench.Ranker()
				m.export(&used, f)
			}})
	}
	return all
}

// pickRanker reads a ranker that Touchstone or another program wrote.
func (m *models) pickRanker() {
	m.sh.files.open(locale.T("Import a ranker…"), []string{".json", ".txt"}, func(path string) {
		m.sh.tasks.start(func(ctx context.Context) func() {
			r, notes, err := m.sh.bench.ImportRanker(ctx, path, "")
			return func() {
				if err != nil {
					m.sh.notices.tell(failure(locale.T("The ranker was not imported"), err))
					return
				}
				m.sh.notices.tell(notice{text: locale.T("%s is here, not yet in use.", rankerName(&r, "")) + sentences(notes)})
				m.load()
			}
		}, true)
	})
}
