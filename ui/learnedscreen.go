package ui

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

// models is the screen of what was learned: the rankers with what made them and
// why they are as they are, and beside them the encoder, the learning curve and
// what shoppers' clicks say.
type models struct {
	sh      *shell
	content fyne.CanvasObject
	side    fyne.CanvasObject
	list    *fyne.Container
	encoder *fyne.Container
	curve   *fyne.Container
	clicks  *clicksPane
	loads   latest
	whys    latest

	rankers []engine.Ranker // newest first, the default last; none until they are read
	heads   []engine.Head   // newest first
	head    string          // in use, NAME@VERSION; "" is the shipped encoder
	why     string          // the ranker whose reasons are shown
	changes []workbench.Change

	stop      context.CancelFunc // of what is at work; nil for nothing
	cancelled bool               // it was told to end
	working   *fyne.Container    // the part of the side that shows how far it is
	meter     *widgets.Meter
	stage     *widgets.Text
	outcome   string // of fine-tuning
	learning  *workbench.Curve
}

const (
	rankersShown = 30
	pushesShown  = 3 // judgments listed for a weight
	modelsWidth  = 500
	gradeWidth   = 76 // of what a push says of a product's grade
	titleShown   = 64 // letters of its title
)

func newModels(sh *shell) *models {
	column := func(gap float32) *fyne.Container { return container.New(layout.NewCustomPaddedVBoxLayout(gap)) }
	m := &models{sh: sh, list: column(theme.Gap3), encoder: column(theme.Gap2), curve: column(theme.Gap2)}
	m.clicks = newClicksPane(sh, func() { m.side.Refresh() })
	m.meter, m.stage = widgets.NewMeter(), widgets.NewText("", widgets.Style{Colour: theme.ColorMuted, Cut: true})
	pad := func(o fyne.CanvasObject) fyne.CanvasObject {
		return container.New(layout.NewCustomPaddedLayout(theme.Gap4, theme.Gap4, theme.Gap5, theme.Gap5), o)
	}
	head := container.NewBorder(nil, nil, title(locale.T("Rankers")), widgets.NewButton(locale.T("Import…"), widgets.Bordered, m.pickRanker))
	m.content = container.NewBorder(pad(head), nil, nil, nil, container.NewVScroll(pad(m.list)))
	m.side = widgets.NewPanel(widgets.Surface{Fill: theme.ColorSurface}, container.NewVScroll(
		container.New(layout.NewCustomPaddedLayout(theme.Gap4, theme.Gap4, theme.Gap4, theme.Gap4),
			container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap5), m.encoder, m.curve, m.clicks.content))))
	m.show()
	return m
}

// part is the heading of a part of the side.
func part(text string) fyne.CanvasObject {
	return widgets.NewText(text, widgets.Style{Size: fynetheme.SizeNameSubHeadingText, Bold: true})
}

func title(text string) fyne.CanvasObject {
	return widgets.NewText(text, widgets.Style{Size: theme.SizeTitle, Bold: true})
}

func small(text string, width float32) fyne.CanvasObject {
	return widgets.NewParagraph(text, width, widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted})
}

// load reads what there is beside the window.
func (m *models) load() {
	m.clicks.load()
	b := m.sh.bench
	m.sh.tasks.newest(&m.loads, 0, func(context.Context) func() {
		rankers, err := b.Rankers()
		var heads []engine.Head
		head := ""
		if err == nil {
			heads, head, err = b.Encoders()
		}
		return func() {
			if err != nil {
				m.sh.notices.tell(failure(locale.T("The rankers could not be read"), err))
				return
			}
			slices.Reverse(rankers)
			slices.Reverse(heads)
			m.rankers, m.heads, m.head = append(rankers, b.Default()), heads, head
			m.show()
		}
	})
}

func (m *models) show() {
	m.list.RemoveAll()
	used := m.sh.bench.Ranker()
	for i := range m.rankers[:min(len(m.rankers), rankersShown)] {
		m.list.Add(m.card(&m.rankers[i], &used))
	}
	if len(m.rankers) == 1 {
		m.list.Add(small(locale.T("Each ranker that you learn, keep or import will stand here with what made it. Learn from grades in Search."), modelsWidth))
	}
	m.list.Refresh()
	m.showEncoder()
	m.showCurve()
	m.side.Refresh() // its parts have other heights than before
}

// card is one ranker.
func (m *models) card(r, used *engine.Ranker) fyne.CanvasObject {
	name := rankerName(r, "")
	inUse := r.Name == used.Name && r.Version == used.Version
	buttons := container.NewHBox()
	if !inUse {
		buttons.Add(widgets.NewButton(locale.T("Use"), widgets.Bordered, func() { m.use(r) }))
	}
	var export *widgets.Button
	export = widgets.NewButton(locale.T("Export…"), widgets.Quiet, func() { m.exportMenu(export, r) }).AtRight()
	buttons.Add(export)
	if r.Made.Judgments > 0 && r.Kind == engine.Linear {
		label := locale.T("Why?")
		if m.why == name {
			label = locale.T("Hide the reasons")
		}
		buttons.Add(widgets.NewButton(label, widgets.Quiet, func() { m.explain(r) }).AtRight())
	}
	label := name
	if inUse {
		label = locale.T("%s · in use", name)
	}
	column := container.New(wrapping{},
		container.NewBorder(nil, nil, nil, buttons, container.New(widgets.Columns{0}, widgets.NewText(label, widgets.Style{Bold: true, Cut: true}))), small(capital(madeOf(r)), modelsWidth))
	if m.why == name {
		m.addWhy(column)
	}
	surface := cardSurface
	surface.Down = theme.Gap3
	if inUse {
		surface.Fill = theme.ColorRow
	}
	return widgets.NewPanel(surface, column)
}

// madeOf says how a ranker came to be.
func madeOf(r *engine.Ranker) string {
	kind := map[engine.Kind]string{engine.Linear: locale.T("weighted sum"), engine.DNN: locale.T("network"), engine.Trees: locale.T("trees")}[r.Kind]
	made := r.Made
	switch {
	case made.Judgments > 0:
		return locale.T("%s, %s, from %s: %s of %s, seed %d, data %s. NDCG@10 on queries left out: %s → %s.", kind, locale.Date(made.Time), made.From,
			locale.N(made.Judgments, "%d grade", "%d grades"), locale.N(made.Queries, "%d query", "%d queries"), made.Seed, made.DataHash,
			number(made.Before, 3), number(made.After, 3))
	case !made.Time.IsZero():
		return locale.T("%s, set by hand or imported on %s, from %s.", kind, locale.Date(made.Time), made.From)
	}
	return locale.T("%s, needs no grades.", kind)
}

func (m *models) use(r *engine.Ranker) {
	name, before, said := storedName(m.sh.bench, r), m.sh.bench.Ranker(), locale.T("%s is in use.", rankerName(r, ""))
	m.sh.tasks.inOrder(func() func() {
		_, err := m.sh.bench.Adopt(name)
		return func() {
			if err != nil {
				m.sh.notices.tell(failure(locale.T("The ranker was not taken into use"), err))
			} else {
				m.sh.inUse(said, before)
			}
			m.sh.refresh()
		}
	})
}

// change does something to the workspace beside the window and shows it.
func (m *models) change(failed string, do func() error) {
	m.sh.tasks.inOrder(func() func() {
		err := do()
		return func() {
			if err != nil {
				m.sh.notices.tell(failure(failed, err))
			}
			m.sh.refresh()
		}
	})
}
