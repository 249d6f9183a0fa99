package ui

import (
	"cmp"
	"slices"
	"strconv"
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

// queryPane is the pane beside the query set: what is known of one query.
type queryPane struct {
	q       *queries
	of      engine.Query // as it was when the fields were filled in
	content fyne.CanvasObject

	form                     *fyne.Container
	nothing                  *fyne.Container // stands there while no query is selected
	title                    *widgets.Paragraph
	need, tags, weight, note *sheetField
	save, merge              *widgets.Button
	gone, twins              *widgets.Paragraph
}

func newQueryPane(q *queries) *queryPane {
	p := &queryPane{q: q}
	p.nothing = container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap2))
	p.title = widgets.NewParagraph("", inspectorInner, widgets.Style{Size: theme.SizeTitle, Bold: true})
	p.gone = widgets.NewParagraph("", inspectorInner, widgets.Style{Colour: theme.ColorMuted})
	p.twins = widgets.NewParagraph("", inspectorInner, widgets.Style{Colour: theme.ColorMuted})
	field := func(lines int) *sheetField {
		e := newLines(lines)
		e.OnChanged = func(string) { p.look() }
		return e
	}
	p.need, p.tags, p.weight, p.note = field(3), field(1), field(1), field(2)
	p.tags.PlaceHolder = locale.T("head, gifts")
	p.save = widgets.NewButton(locale.T("Save"), widgets.Primary, p.store)
	p.merge = widgets.NewButton(locale.T("Make them one…"), widgets.Bordered, q.merge)
	part := func(name string, o fyne.CanvasObject) fyne.CanvasObject {
		return container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap), widgets.NewText(name, widgets.Style{Bold: true}), o)
	}
	p.form = container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap4),
		p.title, p.gone,
		container.New(widgets.Flow{Gap: theme.Gap2, Width: inspectorInner},
			widgets.NewButton(locale.T("Open in Search"), widgets.Bordered, q.openSelected),
			widgets.NewButton(locale.T("Judge its page"), widgets.Bordered, q.judgeSelected)),
		part(locale.T("What is meant"), p.need), part(locale.T("Tags"), p.tags), part(locale.T("How often it is asked"), p.weight), part(locale.T("Notes"), p.note),
		container.New(widgets.Flow{Gap: theme.Gap2, Width: inspectorInner}, p.save, widgets.NewButton(locale.T("Remove"), widgets.Bordered, q.remove)),
		p.twins, container.NewHBox(p.merge))
	p.content = widgets.NewPanel(widgets.Surface{Fill: theme.ColorSurface}, container.NewVScroll(
		container.New(layout.NewCustomPaddedLayout(theme.Gap4, theme.Gap4, theme.Gap4, theme.Gap4), container.NewStack(p.nothing, p.form))))
	p.show()
	return p
}

// show fills the fields in. What is being typed stays while its query does.
func (p *queryPane) show() {
	r := p.q.row()
	p.form.Hidden, p.nothing.Hidden = r == nil, r != nil
	if r == nil {
		p.of = engine.Query{}
		p.offer()
		p.content.Refresh()
		return
	}
	if p.of.Text != r.Text || !p.dirty() {
		p.of = r.Query
		p.title.SetText(r.Text)
		p.need.SetText(r.Need)
		p.tags.SetText(strings.Join(r.Tags, ", "))
		p.note.SetText(r.Note)
		weight := ""
		if r.Weight > 0 {
			weight = strconv.FormatFloat(r.Weight, 'g', -1, 64)
		}
		p.weight.SetText(weight)
	}
	p.gone.Hidden = r.Gone == 0
	p.gone.SetText(goneWords(r.Gone))
	p.twins.Hidden, p.merge.Hidden = len(r.Twins) == 0, len(r.Twins) == 0
	if len(r.Twins) > 0 {
		p.twins.SetText(locale.T("But for case, width and spaces, “%s” is the same. As one query, their grades and weights come together.", strings.Join(r.Twins, locale.T("”, “"))))
	}
	p.look()
	p.content.Refresh()
}

// offer lists the queries on which the ranking does worst: those worth a look.
func (p *queryPane) offer() {
	p.nothing.Objects = []fyne.CanvasObject{widgets.NewParagraph(locale.T("Select a query to describe, open or judge it."), inspectorInner, widgets.Style{Colour: theme.ColorMuted})}
	worst := slices.DeleteFunc(slices.Clone(p.q.shown), func(r workbench.QueryRow) bool { return !r.Measured() })
	if len(worst) == 0 {
		return
	}
	slices.SortStableFunc(worst, func(a, b workbench.QueryRow) int { return cmp.Compare(a.Value, b.Value) })
	p.nothing.Add(container.New(layout.NewCustomPaddedLayout(theme.Gap3, 0, 0, 0), sideHeading(locale.T("Where the ranking does worst"))))
	listed := container.New(layout.NewCustomPaddedVBoxLayout(0))
	for _, r := range worst[:min(len(worst), offeredShown)] {
		listed.Add(container.NewBorder(nil, nil, nil, widgets.NewText(locale.Number(r.Value, 3), widgets.Style{Colour: theme.ColorMuted}),
			container.NewHBox(widgets.NewButton(shortened(r.Text, 34), widgets.Quiet, func() { p.q.choose(r.Text) }))))
	}
	p.nothing.Add(listed)
}

// typed is the query as the fields have it; false while the weight is no number.
func (p *queryPane) typed() (engine.Query, bool) {
	query := engine.Query{Text: p.of.Text, Need: strings.TrimSpace(p.need.Text), Note: strings.TrimSpace(p.note.Text)}
	for _, tag := range strings.FieldsFunc(p.tags.Text, func(c rune) bool { return strings.ContainsRune(",;，；、", c) }) {
		if tag = strings.TrimSpace(tag); tag != "" {
			query.Tags = append(query.Tags, tag)
		}
	}
	text := strings.TrimSpace(p.weight.Text)
	if text == "" {
		return query, true
	}
	weight, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64)
	query.Weight = weight
	return query, err == nil && weight >= 0 && weight < 1e15
}

func (p *queryPane) dirty() bool {
	query, ok := p.typed()
	return p.of.Text != "" && (!ok || !query.Equal(p.of))
}

func (p *queryPane) look() {
	if p.dirty() {
		p.save.Enable()
	} else {
		p.save.Disable()
	}
}

func (p *queryPane) store() {
	query, ok := p.typed()
	if !ok {
		p.q.tell(notice{text: locale.T("How often it is asked is a number, 0 or more: “%s” is none.", p.weight.Text)})
		return
	}
	if p.dirty() {
		p.of = query
		p.q.put(query)
	}
}
