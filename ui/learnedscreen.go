package ui

import (
	"context"
	"math"
	"slices"
	"strconv"

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

// addWhy lists what moved each weight; a click on a product goes to its judgment.
func (m *models) addWhy(column *fyne.Container) {
	labels := map[string]string{}
	for _, f := range m.sh.bench.Features() {
		labels[f.Name] = locale.Say(f.Label)
	}
	told := 0
	for _, c := range m.changes {
		if !c.Shown() {
			continue
		}
		told++
		column.Add(container.New(layout.NewCustomPaddedLayout(theme.Gap2, 0, 0, 0),
			widgets.NewText(locale.T("%s: %s → %s", labels[c.Feature], number(c.Before, 3), number(c.After, 3)), widgets.Style{Bold: true})))
		for _, p := range c.Pushes {
			column.Add(small(locale.T("“%s”, %s %% of what moved it", p.Query, number(100*p.Share, 1)), modelsWidth))
			column.Add(m.judgment(p.Query, p.Better, p.Titles[0], p.Grades[0]))
			column.Add(m.judgment(p.Query, p.Worse, p.Titles[1], p.Grades[1]))
		}
	}
	if told == 0 {
		column.Add(small(locale.T("No weight moved so far that it shows at three decimals."), modelsWidth))
	}
}

// judgment is a product under a query, with its grade; pressed it is opened there.
func (m *models) judgment(query, product, title string, grade float64) fyne.CanvasObject {
	said := locale.T("not judged")
	if !math.IsNaN(grade) {
		said = locale.T("grade %s", number(grade, 0))
	}
	open := widgets.NewButton(cutTo(title, titleShown), widgets.Quiet, func() {
		m.sh.goTo(placeSearch)
		m.sh.search.openAt(query, product)
	})
	return container.New(widgets.Columns{gradeWidth, 0}, widgets.NewText(said, widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted}), container.NewHBox(open))
}

func (m *models) explain(r *engine.Ranker) {
	name, b, ranker := rankerName(r, ""), m.sh.bench, *r
	if m.why == name {
		m.why, m.changes = "", nil
		m.show()
		return
	}
	m.sh.tasks.newest(&m.whys, 0, func(ctx context.Context) func() {
		changes, err := b.Why(ctx, ranker, pushesShown)
		return func() {
			if err != nil {
				m.sh.notices.tell(failure(locale.T("The reasons could not be found out"), err))
				return
			}
			m.why, m.changes = name, changes
			m.show()
		}
	})
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

func (m *models) showEncoder() {
	m.encoder.RemoveAll()
	m.encoder.Add(part(locale.T("Encoder")))
	row := func(name, about string, inUse bool, use func()) {
		if inUse {
			name = locale.T("%s · in use", name)
		}
		line := container.NewBorder(nil, nil, widgets.NewText(name, widgets.Style{Bold: true}), nil)
		if !inUse {
			line = container.NewBorder(nil, nil, widgets.NewText(name, widgets.Style{Bold: true}), widgets.NewButton(locale.T("Use"), widgets.Bordered, use))
		}
		m.encoder.Add(line)
		m.encoder.Add(small(about, inspectorInner))
	}
	take := func(name string) func() {
		return func() {
			m.change(locale.T("The encoder was not taken into use"), func() error { return m.sh.bench.UseEncoder(name) })
		}
	}
	for _, h := range m.heads {
		label := h.Versioned()
		row(locale.Name(label), locale.T("%s of %s. NDCG@10 on queries left out: %s → %s.", locale.N(h.Made.Judgments, "%d grade", "%d grades"),
			locale.N(h.Made.Queries, "%d query", "%d queries"), number(h.Made.Before, 3), number(h.Made.After, 3)), label == m.head, take(label))
	}
	if len(m.rankers) > 0 { // with them it is read which encoder is in use
		shipped := m.sh.bench.Status().Model
		for _, h := range m.heads {
			if h.Versioned() == m.head {
				shipped = h.Base
			}
		}
		row(locale.T("As shipped"), shipped, m.head == "", take(""))
	}
	if m.working == m.encoder {
		m.encoder.Add(m.progress())
	} else {
		tune := widgets.NewButton(locale.T("Fine-tune on the grades"), widgets.Bordered, m.tune)
		tune.SetEnabled(m.stop == nil)
		m.encoder.Add(container.NewHBox(tune))
	}
	m.encoder.Add(small(locale.T("Products come nearer to the queries for which they were graded well. It takes minutes; searches go on meanwhile, and it is kept only if queries left out do not get worse."), inspectorInner))
	if m.outcome != "" {
		m.encoder.Add(widgets.NewParagraph(m.outcome, inspectorInner, widgets.Style{}))
	}
	m.encoder.Refresh()
}

// progress is how far what is at work has come, and the way to end it.
func (m *models) progress() fyne.CanvasObject {
	var cancel *widgets.Button
	cancel = widgets.NewButton(locale.T("Cancel"), widgets.Bordered, func() {
		if m.stop != nil {
			m.stop()
			m.cancelled = true
			cancel.Disable()
			m.stage.SetText(locale.T("Cancelling…"))
		}
	})
	return container.NewBorder(nil, nil, nil, cancel, container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap), m.stage, m.meter))
}

// begin runs something long whose progress is shown in a part of the side.
func (m *models) begin(in *fyne.Container, failed string, do func(ctx context.Context, progress engine.OnProgress) (show func(), err error)) {
	if m.stop != nil {
		return
	}
	m.outcome, m.cancelled, m.working = "", false, in
	m.meter.Set(0)
	m.stage.SetText("")
	m.stop = m.sh.tasks.start(func(ctx context.Context) func() {
		show, err := do(ctx, func(p engine.Progress) {
			m.sh.post(func() {
				if p.Total > 0 {
					m.meter.Set(float64(p.Done) / float64(p.Total))
				}
				text := locale.Say(p.Stage)
				if l := left(p.Left); l != "" {
					text = locale.T("%s · %s", text, l)
				}
				if !m.cancelled {
					m.stage.SetText(text)
				}
			})
		})
		cancelled := ctx.Err() != nil
		return func() {
			m.stop, m.working = nil, nil
			switch {
			case err != nil && cancelled:
				m.sh.notices.tell(notice{text: locale.T("Cancelled: nothing has changed.")})
			case err != nil:
				m.sh.notices.tell(failure(failed, err))
			default:
				show()
			}
			m.sh.refresh()
		}
	}, true)
	m.show()
}

func (m *models) tune() {
	m.begin(m.encoder, locale.T("The encoder was not fine-tuned"), func(ctx context.Context, progress engine.OnProgress) (func(), error) {
		tuned, err := m.sh.bench.FineTune(ctx, 1, progress)
		return func() {
			m.outcome = locale.T("%s NDCG@10 on queries left out: %s → %s.", locale.Say(tuned.Why), number(tuned.Before.Whole, 3), number(tuned.After.Whole, 3))
		}, err
	})
}

func (m *models) drawCurve() {
	m.begin(m.curve, locale.T("The learning curve was not drawn"), func(ctx context.Context, progress engine.OnProgress) (func(), error) {
		curve, err := m.sh.bench.LearningCurve(ctx, 1, progress)
		return func() { m.learning = curve }, err
	})
}

func (m *models) showCurve() {
	m.curve.RemoveAll()
	m.curve.Add(part(locale.T("Learning curve")))
	c := m.learning
	if c != nil {
		if len(c.Points) > 0 {
			m.curve.Add(m.points(c))
			m.curve.Add(small(locale.T("Without learning: %s.", number(c.Before.Whole, 3)), inspectorInner))
		}
		m.curve.Add(widgets.NewParagraph(locale.Say(c.Says), inspectorInner, widgets.Style{}))
	}
	if m.working == m.curve {
		m.curve.Add(m.progress())
	} else {
		draw := widgets.NewButton(locale.T("Would more grades help?"), widgets.Bordered, m.drawCurve)
		draw.SetEnabled(m.stop == nil)
		m.curve.Add(container.NewHBox(draw))
	}
	m.curve.Refresh()
}

// points is the learning curve as a table, what it learned from beside what was
// left out, with the shape of the latter.
func (m *models) points(c *workbench.Curve) fyne.CanvasObject {
	cell := func(text string, style widgets.Style) fyne.CanvasObject {
		style.Size, style.Align = fynetheme.SizeNameCaptionText, fyne.TextAlignTrailing
		return widgets.NewText(text, style)
	}
	muted := widgets.Style{Colour: theme.ColorMuted}
	columns := widgets.Columns{70, 100, 84}
	table := container.New(layout.NewCustomPaddedVBoxLayout(0), container.New(columns,
		cell(locale.T("queries"), muted), cell(locale.T("learned from"), muted), cell(locale.T("left out"), muted)))
	values := make([]float64, len(c.Points))
	for i, p := range c.Points {
		values[i] = p.Left.Whole
		table.Add(container.New(columns, cell(strconv.Itoa(p.Queries), widgets.Style{}),
			cell(number(p.Train.Whole, 3), widgets.Style{}), cell(number(p.Left.Whole, 3), widgets.Style{Bold: true})))
	}
	line := widgets.NewSparkline()
	line.Set(values)
	return container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap2), table, container.NewHBox(line))
}
