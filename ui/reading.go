package ui

import (
	"context"
	"slices"
	"strings"

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

const readingHeight = 190

// reading is the panel that says how the query was read: what became of each
// word, where it was found, and as whom the search was made.
type reading struct {
	s       *search
	open    bool
	content *fyne.Container
	of      *workbench.Page // what it shows
}

func newReading(s *search) *reading {
	r := &reading{s: s, content: container.NewStack()}
	r.content.Hide()
	return r
}

// toggle opens the panel and closes it again.
func (r *reading) toggle() {
	r.open = !r.open
	r.of = nil
	r.show()
	r.s.content.Refresh()
}

// readingColumns are word, what is matched for it, in how many products, where. Of
// a word that is left out there is only why.
var (
	readingColumns = widgets.Columns{80, 130, 60, 0}
	readingLeft    = widgets.Columns{80, 0}
)

func (r *reading) show() {
	page := r.s.page
	r.content.Hidden = !r.open || page == nil
	if r.content.Hidden || r.of == page {
		return
	}
	r.of = page
	muted := widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted, Cut: true}
	column := container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap))
	cells := func(columns widgets.Columns, style widgets.Style, texts ...string) {
		row := container.New(columns)
		for _, t := range texts {
			row.Add(widgets.NewText(t, style))
		}
		column.Add(row)
	}
	a := &page.Analysis
	if a.Clean != a.Input && a.Clean != "" {
		column.Add(widgets.NewText(locale.T("Cleaned: %s", a.Clean), muted))
	}
	if a.Simplified != "" {
		column.Add(widgets.NewText(locale.T("In simplified characters: %s", a.Simplified), muted))
	}
	cells(readingColumns, muted, locale.T("Word"), locale.T("Matched as"), locale.T("Products"), locale.T("Among the candidates"))
	plain := widgets.Style{Size: fynetheme.SizeNameCaptionText, Cut: true}
	for _, step := range page.Steps() {
		if step.Dropped {
			cells(readingLeft, plain, step.Word, locale.T("left out: it says too little"))
			continue
		}
		word := step.Word
		for _, m := range step.Terms {
			cells(readingColumns, plain, word, m.Text+kindOf(&m), locale.Number(float64(m.Products), 0), whereMatched(m.Matched))
			word = ""
		}
	}
	for _, note := range page.Notes {
		column.Add(widgets.NewText(locale.Say(note), muted))
	}
	if name := r.s.refine.shopper; name != "" {
		line := widgets.NewText("", plain)
		column.Add(line)
		r.tellShopper(name, line)
	}
	scroll := container.NewVScroll(column)
	scroll.SetMinSize(fyne.NewSize(0, min(readingHeight, column.MinSize().Height)))
	r.content.Objects = []fyne.CanvasObject{widgets.NewPanel(widgets.Surface{Fill: theme.ColorSurface, Stroke: fynetheme.ColorNameInputBorder, Radius: theme.Rounded, Across: theme.Gap3, Down: theme.Gap2}, scroll)}
	r.content.Refresh()
}

// kindOf says what a term is, where it is not the word itself.
func kindOf(m *workbench.Match) string {
	var notes []string
	if m.Added != "" {
		notes = append(notes, locale.Say(m.Added))
	}
	switch {
	case m.Part:
		notes = append(notes, locale.T("part"))
	case m.Kind == engine.ModelNumber:
		notes = append(notes, locale.T("model number"))
	case m.Kind == engine.Unit:
		notes = append(notes, locale.T("unit"))
	case m.Kind == engine.NumberTerm:
		notes = append(notes, locale.T("number"))
	}
	if len(notes) == 0 {
		return ""
	}
	return " · " + strings.Join(notes, ", ")
}

// whereMatched counts by field: title 12 · description 3.
func whereMatched(matched map[string]int) string {
	var parts []string
	for f := range engine.TextField(engine.TextFields) {
		if n := matched[f.String()]; n > 0 {
			parts = append(parts, locale.T("%s %d", locale.Say(f.String()), n))
		}
	}
	if len(parts) == 0 {
		return locale.T("nowhere")
	}
	return strings.Join(parts, " · ")
}

// tellShopper fills in what a shopper did, once it is read.
func (r *reading) tellShopper(name string, line *widgets.Text) {
	b := r.s.bench
	r.s.tasks.start(func(context.Context) func() {
		shopper, err := b.Shopper(name)
		return func() {
			if err != nil {
				r.s.tell(failure(locale.T("The shoppers were not read"), err))
				return
			}
			line.SetText(shopperLine(shopper))
		}
	}, false)
}

// shopperLine says what a shopper did and what of it is newest.
func shopperLine(s *workbench.Shopper) string {
	text := locale.T("%s viewed %d, put %d into the basket and bought %d.", s.Name, s.Count[engine.View], s.Count[engine.Add], s.Count[engine.Buy])
	var titles []string
	for _, e := range s.Recent {
		if e.Title != "" && !slices.Contains(titles, e.Title) {
			titles = append(titles, e.Title)
		}
	}
	if len(titles) > 0 {
		text += " " + locale.T("Newest: %s", strings.Join(titles, " · "))
	}
	return text
}
