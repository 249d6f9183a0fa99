package ui

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

// tryEngine asks an engine once and shows its raw answer, and beside it which
// fields were read from where and what products came of that.
func (w *window) tryEngine(r engine.Remote) {
	const side, triedHeight = enginesWidth / 2, 320
	engines := w.engines()
	query := newSheetField()
	query.SetPlaceHolder(locale.T("A query"))
	raw := widget.NewLabel("")
	raw.Wrapping = fyne.TextWrapBreak
	raw.TextStyle = fyne.TextStyle{Monospace: true}
	read := container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap))
	said := widgets.NewText(locale.T("Nothing was asked yet."), widgets.Style{Cut: true, Colour: theme.ColorMuted})
	scrolled := func(o fyne.CanvasObject) *container.Scroll {
		scroll := container.NewVScroll(o)
		scroll.SetMinSize(fyne.NewSize(side, triedHeight))
		return scroll
	}
	left, right := scrolled(container.New(layout.NewCustomPaddedLayout(-theme.Gap2, 0, -theme.Gap2, theme.Gap), raw)), scrolled(read)
	show := func(tried *workbench.Try, err error) {
		read.RemoveAll()
		said.SetText("")
		if err != nil {
			read.Add(widgets.NewParagraph(locale.Say(err.Error()), side-40, widgets.Style{Colour: theme.ColorFall}))
		}
		if tried != nil {
			raw.SetText(strings.TrimSpace(tried.Method+" "+tried.URL+"\n"+tried.Body) + "\n\n" + lineByLine(tried.Raw))
			if tried.Status > 0 {
				said.SetText(locale.T("%d in %s ms, %s read", tried.Status, locale.Number(float64(tried.Took.Milliseconds()), 0), locale.N(len(tried.Products), "%d product", "%d products")))
			}
			showRead(read, tried)
		}
		left.ScrollToTop()
		right.ScrollToTop()
	}
	ask := func() {
		said.SetText(locale.T("Asking"))
		text := query.Text
		w.shell.tasks.start(func(ctx context.Context) func() {
			tried, err := engines.TryOut(ctx, r, text, 10)
			return func() { show(tried, err) }
		}, true)
	}
	query.OnSubmitted = func(string) { ask() }
	over := func(name string, scroll fyne.CanvasObject) fyne.CanvasObject {
		return container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap2), caption(name, fyne.TextAlignLeading), scroll)
	}
	content := container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap4),
		container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap2),
			container.NewBorder(nil, nil, nil, container.New(layout.NewCustomPaddedLayout(0, 0, theme.Gap2, 0), widgets.NewButton(locale.T("Ask"), widgets.Primary, ask)), query), said),
		container.NewGridWithColumns(2, over(locale.T("Asked and answered"), left), over(locale.T("What is read of it"), right)))
	w.show(locale.T("Try %s", r.Name), content)
	w.win.Canvas().Focus(query)
}

// showRead lists the fields that were found, and the products.
func showRead(read *fyne.Container, tried *workbench.Try) {
	line := func(text string, muted bool) {
		style := widgets.Style{Cut: true}
		if muted {
			style.Colour = theme.ColorMuted
		}
		read.Add(widgets.NewText(text, style))
	}
	if len(tried.Products) > 0 {
		line(locale.T("Hits ← %s", tried.Hits), true)
	}
	for _, f := range tried.Fields {
		if f.Count > 0 {
			line(locale.T("%s ← %s: %d of %d", locale.T(roleNames[f.Role]), f.Path, f.Count, len(tried.Products)), true)
		}
	}
	for i, p := range tried.Products {
		line(locale.T("%d. %s, %s", i+1, p.ID, p.Title), false)
	}
}

// lineByLine is JSON line by line, or text as it came; not more than fits a screen
// many times over.
func lineByLine(raw string) string {
	var lines bytes.Buffer
	if json.Indent(&lines, []byte(raw), "", "  ") == nil {
		raw = lines.String()
	}
	return cutText(raw, 8000)
}

// cutText is the start of a text.
func cutText(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
