package ui

import (
	"context"
	"math"
	"strings"
	"time"

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

// clicking is what the window asks of a workspace about shoppers' clicks. All of
// it is called beside the window.
type clicking interface {
	ImportEvents(ctx context.Context, file string) (*workbench.EventReport, error)
	Clicks() (*workbench.ClickStudy, error)
	ClickPairs(ctx context.Context, most int) ([]workbench.ClickPair, error)
	SetClicks(model string, weight float64) error
}

// The click models as people read them.
var clickModels = map[string]string{
	"pbm":  locale.Mark("Position-based model"),
	"coec": locale.Mark("Clicks over expected clicks"),
}

const (
	positionsShown = 6
	pairsListed    = 100
	weighPause     = 400 * time.Millisecond // before a dragged weight is stored
)

// clicksPane shows what shoppers' clicks say by two models, and how much of it
// learning believes. Clicks are never mixed with people's grades.
type clicksPane struct {
	sh      *shell
	content *fyne.Container
	loads   latest
	weighs  latest
	pairs   latest
	study   *workbench.ClickStudy
	grown   func() // the content has another height
}

func newClicksPane(sh *shell, grown func()) *clicksPane {
	c := &clicksPane{sh: sh, grown: grown, content: container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap2))}
	c.show()
	return c
}

// any reports whether clicks are known.
func (c *clicksPane) any() bool { return c.study != nil && c.study.Shown+c.study.Clicked > 0 }

func (c *clicksPane) load() {
	b := c.sh.bench
	c.sh.tasks.newest(&c.loads, 0, func(context.Context) func() {
		study, err := b.Clicks()
		return func() {
			if err != nil {
				c.sh.notices.tell(failure(locale.T("The clicks could not be read"), err))
				return
			}
			c.study = study
			c.show()
			c.grown()
		}
	})
}

func (c *clicksPane) show() {
	c.content.RemoveAll()
	c.content.Add(part(locale.T("Clicks")))
	read := widgets.NewButton(locale.T("Import a log…"), widgets.Bordered, c.pick)
	if !c.any() {
		c.content.Add(small(locale.T("What shoppers clicked can be learned from where no person has graded. A log in the UBI form (searches, impressions, clicks) says what was shown too."), inspectorInner))
		c.content.Add(container.NewHBox(read))
		c.content.Refresh()
		return
	}
	s := c.study
	c.content.Add(small(locale.T("%s of %s shown, %s clicked.", locale.N(s.Shown, "%d result", "%d results"),
		locale.N(s.Queries, "%d query", "%d queries"), locale.Number(float64(s.Clicked), 0)), inspectorInner))
	for i := range s.Models {
		c.addModel(&s.Models[i])
	}
	if !math.IsNaN(s.Alike) {
		c.content.Add(small(locale.T("The two put products in nearly one order where this is near 1: %s (Spearman).", number(s.Alike, 2)), inspectorInner))
	}
	said := widgets.NewText("", widgets.Style{Align: fyne.TextAlignTrailing})
	weigh := func(v float64) { said.SetText(number(v, 2)) }
	weigh(s.Weight)
	slider := widgets.NewSlider(0, 1)
	slider.Set(0, 1, s.Weight)
	slider.OnChanged = func(v float64) {
		v = math.Round(20*v) / 20
		weigh(v)
		c.set(s.Model, v, weighPause)
	}
	c.content.Add(container.New(widgets.Columns{labelWidth, 0, valueWidth}, widgets.NewParagraph(locale.T("Against a grade"), labelWidth, widgets.Style{}), slider, said))
	c.content.Add(small(locale.T("What many clicks count in learning against one grade of a person: 0 leaves them out. Figures are never measured by clicks."), inspectorInner))
	c.content.Add(container.NewHBox(widgets.NewButton(locale.T("What clicks say"), widgets.Bordered, c.list), read))
	c.content.Refresh()
}

// addModel shows one model and lets it be chosen.
func (c *clicksPane) addModel(m *workbench.ClickModel) {
	name := widgets.NewText(locale.T(clickModels[m.Model]), widgets.Style{Bold: true, Cut: true})
	line := fyne.CanvasObject(name)
	if m.Model == c.study.Model {
		name.SetText(locale.T("%s · in use", locale.T(clickModels[m.Model])))
	} else {
		line = container.NewBorder(nil, nil, nil, widgets.NewButton(locale.T("Use"), widgets.Bordered, func() { c.set(m.Model, c.study.Weight, 0) }), name)
	}
	c.content.Add(line)
	var seen []string
	for _, e := range m.Examined[:min(positionsShown, len(m.Examined))] {
		seen = append(seen, number(e, 2))
	}
	text := locale.T("Looked at, by position: %s.", strings.Join(seen, " "))
	if m.Graded > 0 {
		text += " " + locale.T("Orders %.0f %% of %s as people's grades do.", 100*m.Right, locale.N(m.Graded, "%d pair", "%d pairs"))
	} else {
		text += " " + locale.T("People have graded no two of these products differently yet.")
	}
	c.content.Add(small(text, inspectorInner))
}

// set chooses a model and a weight, once the hand has come to rest.
func (c *clicksPane) set(model string, weight float64, pause time.Duration) {
	b := c.sh.bench
	c.sh.tasks.newest(&c.weighs, pause, func(context.Context) func() {
		err := b.SetClicks(model, weight)
		return func() {
			if err != nil {
				c.sh.notices.tell(failure(locale.T("The clicks count as before"), err))
			}
			c.load()
		}
	})
}

// pick reads a log of what shoppers did.
func (c *clicksPane) pick() {
	c.sh.files.open(locale.T("Import a log…"), []string{".ndjson", ".jsonl", ".json", ".csv", ".tsv", ".gz"}, func(path string) {
		b, name := c.sh.bench, fileNames([]string{path})
		c.sh.work(locale.T("Importing %s", name), func(ctx context.Context, _ engine.OnProgress) notice {
			r, err := b.ImportEvents(ctx, path)
			if err != nil {
				return failure(locale.T("%s was not imported", name), err)
			}
			n := notice{text: locale.T("%s: %s of %s shown, %s clicked; %s of %s.", name, locale.N(r.Shown, "%d result", "%d results"),
				locale.N(r.Queries, "%d query", "%d queries"), locale.Number(float64(r.Clicked), 0),
				locale.N(r.Read, "%d event", "%d events"), locale.N(r.Profiles, "%d shopper", "%d shoppers"))}
			switch {
			case r.Repeated:
				n.text += locale.N(r.Known, " The %d shown or clicked was counted before and is not again.", " All %d shown or clicked were counted before and are not again.")
			case r.Known > 0:
				n.text += locale.N(r.Known, " %d more was counted before and is not again.", " %d more were counted before and are not again.")
			}
			if r.Unknown > 0 {
				n.text += locale.T(" %d events are of products that the catalogue lacks.", r.Unknown)
			}
			if len(r.Problems) > 0 {
				n.action, n.do = locale.T("What was skipped"), func() { c.sh.files.problems(name, r.Problems) }
			}
			return n
		})
	})
}

// list shows what clicks say of products beside what people say.
func (c *clicksPane) list() {
	b := c.sh.bench
	c.sh.tasks.newest(&c.pairs, 0, func(ctx context.Context) func() {
		pairs, err := b.ClickPairs(ctx, pairsListed)
		return func() {
			if err != nil {
				c.sh.notices.tell(failure(locale.T("The clicks could not be read"), err))
				return
			}
			var close func()
			close = c.sh.over(locale.T("What clicks say"), c.table(pairs, func() { close() }))
		}
	})
}

// pairColumns are query, product, the two models' grades, people's grade, and
// clicks of views.
var pairColumns = widgets.Columns{130, 0, 64, 64, 64, 84}

const pairsWidth, pairsHeight = 820, 420

// table lists pairs; a click on one opens its query.
func (c *clicksPane) table(pairs []workbench.ClickPair, close func()) fyne.CanvasObject {
	right := fyne.TextAlignTrailing
	column := container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap))
	for _, p := range pairs {
		people, name := unmeasured, p.Title
		if p.People != nil {
			people = number(float64(*p.People), 1)
		}
		if name == "" {
			name = p.Product
		}
		text := func(s string) fyne.CanvasObject { return widgets.NewText(s, widgets.Style{Align: right}) }
		column.Add(container.New(pairColumns,
			container.NewHBox(widgets.NewButton(cutTo(p.Query, 16), widgets.Quiet, func() {
				close()
				c.sh.goTo(placeSearch)
				c.sh.search.openAt(p.Query, p.Product)
			})),
			widgets.NewText(name, widgets.Style{Cut: true}),
			text(number(p.PositionBased, 1)), text(number(p.OverExpected, 1)), text(people),
			text(locale.T("%d of %d", p.Clicked, p.Shown))))
	}
	// The scroll bar keeps clear of the figures.
	inset := func(o fyne.CanvasObject) fyne.CanvasObject {
		return container.New(layout.NewCustomPaddedLayout(0, 0, 0, theme.Gap4), o)
	}
	scroll := container.NewVScroll(inset(column))
	scroll.SetMinSize(fyne.NewSize(pairsWidth, min(column.MinSize().Height, pairsHeight)))
	head := container.New(pairColumns, caption(locale.T("Query"), fyne.TextAlignLeading), caption(locale.T("Product"), fyne.TextAlignLeading),
		caption(locale.T("position"), right), caption(locale.T("expected"), right), caption(locale.T("people"), right), caption(locale.T("clicks"), right))
	about := widgets.NewParagraph(locale.T("Grades that clicks give, by the position-based model and by clicks over expected clicks, beside those of people. The surest stand first."),
		pairsWidth, widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted})
	return container.NewBorder(container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap2), about, inset(head)), nil, nil, nil, scroll)
}

// cutTo is the start of a text, at most n letters.
func cutTo(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}
