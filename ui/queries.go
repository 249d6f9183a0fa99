package ui

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

// queries is the Queries screen: the query set with how each query stands, one
// of which can be described, opened or judged.
type queries struct {
	bench Bench
	tasks *tasks
	around
	open  func(query string) // in Search
	judge func(query string) // its page, in Judge

	rows     []workbench.QueryRow // the whole set
	shown    []workbench.QueryRow
	view     workbench.QueryView
	selected string
	reads    latest

	field   *searchField
	counts  *widgets.Text
	gone    *widgets.Text // hidden while every graded product is in the catalogue
	filters []*widgets.Button
	heads   []*widgets.Button
	list    *pickList
	middle  *fyne.Container
	content fyne.CanvasObject
	pane    *queryPane
	add     func()
	over    func(title string, content fyne.CanvasObject, buttons ...fyne.CanvasObject) (closes func())
}

// queryColumns are the columns of the list.
var queryColumns = []struct {
	name  string
	sort  workbench.QuerySort
	width float32
}{
	{locale.Mark("Query"), workbench.ByText, 0},
	{locale.Mark("NDCG@10"), workbench.ByValue, 78},
	{locale.Mark("Bounds"), workbench.ByGap, 96},
	{locale.Mark("Judged"), workbench.ByJudged, 62},
	{locale.Mark("Covered"), workbench.ByCoverage, 70},
	{locale.Mark("Asked"), workbench.ByWeight, 62},
}

// queryCells lays out a line of the list: in a narrow window the columns that
// are missed least give way to the query itself.
type queryCells struct{}

const queryLeast = 170 // what the query needs, at the design's size of text

// Layout implements fyne.Layout.
func (queryCells) Layout(o []fyne.CanvasObject, size fyne.Size) {
	if len(o) < len(queryColumns) { // being filled
		return
	}
	scale := max(fynetheme.Size(fynetheme.SizeNameText)/13, 1)
	room := size.Width - queryLeast*scale
	for _, c := range queryColumns {
		room -= c.width*scale + theme.Gap2
	}
	for _, i := range []int{4, 2, 5} { // covered, bounds, asked
		if o[i].Show(); room < 0 {
			o[i].Hide()
			room += queryColumns[i].width*scale + theme.Gap2
		}
	}
	var widths widgets.Columns
	var shown []fyne.CanvasObject
	for i, c := range queryColumns {
		if o[i].Visible() {
			widths, shown = append(widths, c.width), append(shown, o[i])
		}
	}
	widths.Layout(shown, size)
}

// MinSize implements fyne.Layout.
func (queryCells) MinSize(o []fyne.CanvasObject) fyne.Size {
	height := float32(0)
	for _, cell := range o {
		height = max(height, cell.MinSize().Height)
	}
	return fyne.NewSize(queryLeast, height)
}

func newQueries(bench Bench, tasks *tasks, around around, open, judge func(string), add func()) *queries {
	q := &queries{bench: bench, tasks: tasks, around: around, open: open, judge: judge, add: add}
	q.field = newSearchField()
	q.field.PlaceHolder = locale.T("Find queries, needs and notes")
	q.field.OnChanged = func(text string) {
		q.view.Words = text
		q.arrange()
	}
	q.field.onDown = func() {
		q.focus(q.list)
		q.list.first()
	}
	q.counts = widgets.NewText("", widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted, Cut: true})
	toggle := func(label string, is func(*workbench.QueryView) *bool) *widgets.Button {
		b := widgets.NewButton(label, widgets.Quiet, func() {
			on := is(&q.view)
			*on = !*on
			q.arrange()
		})
		q.filters = append(q.filters, b)
		return b
	}
	q.gone = widgets.NewText("", widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted, Cut: true})
	q.gone.Hide()
	unjudged := toggle(locale.T("Without grades"), func(v *workbench.QueryView) *bool { return &v.Unjudged })
	twins := toggle(locale.T("Almost the same"), func(v *workbench.QueryView) *bool { return &v.Twins })
	head := container.New(queryCells{})
	for i, c := range queryColumns {
		b := widgets.NewButton(locale.T(c.name), widgets.Heading, func() { q.sortBy(queryColumns[i].sort) })
		if c.width > 0 {
			b.AtRight()
		}
		q.heads = append(q.heads, b)
		head.Add(b)
	}
	q.list = newPickList(func() int { return len(q.shown) }, func() fyne.CanvasObject { return newQueryLine() },
		func(i int, o fyne.CanvasObject) { o.(*queryLine).set(&q.shown[i]) }, func(i int) { q.pick(q.shown[i].Text) }, q.typed)
	q.pane = newQueryPane(q)
	q.middle = container.NewStack(q.list)
	tools := container.NewBorder(nil, nil, container.NewHBox(unjudged, twins), widgets.NewButton(locale.T("Import…"), widgets.Bordered, add))
	q.content = container.NewBorder(
		container.New(layout.NewCustomPaddedLayout(theme.Gap4, 0, theme.Gap5, theme.Gap5),
			container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap2), widgets.NewLead(q.field), tools, q.counts, q.gone, head)),
		nil, nil, nil, container.New(layout.NewCustomPaddedLayout(0, 0, theme.Gap2, theme.Gap2), q.middle))
	return q
}

// enter reads the set when the screen comes up.
func (q *queries) enter() {
	q.focus(q.field)
	q.load()
}

// load reads the set: at once what is known of it, and then the queries that
// nobody has ranked yet.
func (q *queries) load() {
	q.tasks.newest(&q.reads, 0, func(ctx context.Context) func() {
		rows, err := q.bench.QuerySet(ctx, false, nil)
		return func() {
			if q.took(rows, err) && slices.ContainsFunc(rows, func(r workbench.QueryRow) bool { return !r.Ranked }) {
				q.rank()
			}
		}
	})
}

func (q *queries) rank() {
	q.counts.SetText(locale.T("Ranking the queries…"))
	q.tasks.newest(&q.reads, 0, func(ctx context.Context) func() {
		rows, err := q.bench.QuerySet(ctx, true, nil)
		return func() { q.took(rows, err) }
	})
}

func (q *queries) took(rows []workbench.QueryRow, err error) bool {
	if err != nil {
		q.tell(failure(locale.T("The query set was not read"), err))
		return false
	}
	q.rows = rows
	q.arrange()
	return true
}

// sortBy orders the list by a column, and the other way round the second time.
func (q *queries) sortBy(by workbench.QuerySort) {
	q.view.Down = q.view.Sort == by && !q.view.Down
	q.view.Sort = by
	q.arrange()
}

// arrange shows what the view has of the set. The selection stays with its query.
func (q *queries) arrange() {
	q.shown = q.view.Of(q.rows)
	judged, measured, gone, sum := 0, 0, 0, 0.0
	for i := range q.shown {
		gone += q.shown[i].Gone
		if q.shown[i].Pairs > 0 {
			judged++
		}
		if q.shown[i].Measured() {
			measured++
			sum += q.shown[i].Value
		}
	}
	parts := []string{locale.N(len(q.shown), "%d query", "%d queries"), locale.T("%d with grades", judged)}
	if measured > 0 {
		parts = append(parts, locale.N(measured, "NDCG@10 of the %d with a grade above 0: %s", "NDCG@10 of the %d with a grade above 0: %s on average", locale.Number(sum/float64(measured), 3)))
	}
	q.counts.SetText(strings.Join(parts, " · "))
	q.gone.SetText(goneWords(gone))
	if hidden := gone == 0; hidden != q.gone.Hidden {
		q.gone.Hidden = hidden
		q.content.Refresh() // the list has more space or less
	}
	q.filters[0].SetSelected(q.view.Unjudged)
	q.filters[1].SetSelected(q.view.Twins)
	for i, head := range q.heads {
		label := locale.T(queryColumns[i].name)
		if q.view.Sort == queryColumns[i].sort {
			if q.view.Down {
				label += " ↑"
			} else {
				label += " ↓"
			}
		}
		head.SetLabel(label)
		head.SetSelected(q.view.Sort == queryColumns[i].sort)
	}
	var middle fyne.CanvasObject = q.list
	if len(q.rows) == 0 {
		middle = empty(locale.T("No queries yet"), locale.T("Import a query set or a log of searches, or grade results in Search."), widgets.NewButton(locale.T("Import…"), widgets.Primary, q.add))
	}
	if q.middle.Objects[0] != middle {
		q.middle.Objects = []fyne.CanvasObject{middle}
		q.middle.Refresh()
	}
	q.list.Refresh()
	if i := slices.IndexFunc(q.shown, func(r workbench.QueryRow) bool { return r.Text == q.selected }); i >= 0 {
		q.list.Select(i)
		q.pane.show() // the list says nothing where the row is selected already
	} else {
		q.list.UnselectAll()
		q.pick("")
	}
}

// goneWords say what products that were graded and are gone do to a score.
func goneWords(n int) string {
	return locale.N(n, "%d graded product is not in the catalogue and counts in the ideal page: scores may be lower for it.",
		"%d graded products are not in the catalogue and count in the ideal page: scores may be lower for them.")
}

// pick shows a query in the pane.
func (q *queries) pick(text string) {
	q.selected = text
	q.pane.show()
}

// choose selects a query that the list shows.
func (q *queries) choose(text string) {
	if i := slices.IndexFunc(q.shown, func(r workbench.QueryRow) bool { return r.Text == text }); i >= 0 {
		q.list.Select(i)
		q.focus(q.list)
	}
}

// row is the selected query, nil for none.
func (q *queries) row() *workbench.QueryRow {
	for i := range q.rows {
		if q.rows[i].Text == q.selected && q.selected != "" {
			return &q.rows[i]
		}
	}
	return nil
}

// change does something to the set beside the window and reads it again.
func (q *queries) change(failed string, do func() error) {
	q.tasks.inOrder(func() func() {
		err := do()
		return func() {
			if err != nil {
				q.tell(failure(failed, err))
				return
			}
			q.onStatus()
			q.load()
		}
	})
}

func (q *queries) put(query engine.Query) {
	q.change(locale.T("The query was not kept"), func() error { return q.bench.PutQuery(query) })
}

func (q *queries) remove() {
	if r := q.row(); r != nil {
		query := r.Query
		q.change(locale.T("The query was not removed"), func() error {
			removed, err := q.bench.RemoveQueries(query.Text)
			if err != nil {
				return err
			}
			q.tasks.post(func() {
				q.tell(notice{text: locale.T("“%s” is out of the query set; its grades stay.", query.Text), action: locale.T("Undo"), do: func() {
					q.change(locale.T("The query was not put back"), func() error { return q.bench.RestoreQueries(removed...) })
				}})
			})
			return nil
		})
	}
}

func (q *queries) openSelected() {
	if r := q.row(); r != nil {
		q.open(r.Text)
	}
}

func (q *queries) judgeSelected() {
	if r := q.row(); r != nil {
		q.judge(r.Text)
	}
}

// queryLine is one query in the list.
type queryLine struct {
	widget.BaseWidget
	painted
	content     *fyne.Container
	text, about *widgets.Text
	figures     []*widgets.Text
}

func newQueryLine() *queryLine {
	l := &queryLine{
		text:  widgets.NewText("", widgets.Style{Cut: true}),
		about: widgets.NewText("", widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted, Cut: true}),
	}
	cells := container.New(queryCells{}, container.New(layout.NewCustomPaddedVBoxLayout(1), l.text, l.about))
	for range queryColumns[1:] {
		figure := widgets.NewText("", widgets.Style{Align: fyne.TextAlignTrailing})
		l.figures = append(l.figures, figure)
		cells.Add(figure)
	}
	l.content = container.New(layout.NewCustomPaddedLayout(theme.Gap, theme.Gap, theme.Gap3, theme.Gap3), cells)
	l.ExtendBaseWidget(l)
	return l
}

func (l *queryLine) set(r *workbench.QueryRow) {
	l.text.SetText(r.Text)
	about := strings.Join(r.Tags, ", ")
	if len(r.Twins) > 0 {
		about = locale.T("almost the same as “%s”", strings.Join(r.Twins, locale.T("”, “")))
	} else if r.Need != "" {
		about = r.Need
	}
	l.about.SetText(about)
	l.renew(l, l.content)
	if hidden := about == ""; hidden != l.about.Hidden {
		l.about.Hidden = hidden
		l.content.Refresh() // the query stands in the middle without it
	}
	value, bounds, covered := unmeasured, unmeasured, unmeasured
	if r.Measured() {
		value = locale.Number(r.Value, 3)
	}
	if r.Pairs > 0 && r.Ranked {
		bounds = locale.Number(r.Worst, 2) + "–" + locale.Number(r.Best, 2)
		covered = locale.T("%d %%", int(100*r.Coverage+0.5))
	}
	asked := unmeasured
	if r.Weight > 0 {
		asked = locale.Number(r.Weight, 0)
	}
	for i, text := range []string{value, bounds, locale.Number(float64(r.Pairs), 0), covered, asked} {
		l.figures[i].SetText(text)
	}
}

// CreateRenderer implements fyne.Widget.
func (l *queryLine) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(l.content) }
