package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"

	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

const statusHeight = 28

// statusBar is the line at the bottom: which workspace, how much is in it, the
// model, and whether what was done is on disk.
type statusBar struct {
	content                  fyne.CanvasObject
	workspace, counts, model *widgets.Text
	saved, judge             *widgets.Text
}

func newStatusBar() *statusBar {
	text := func(align fyne.TextAlign) *widgets.Text {
		return widgets.NewText("", widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted, Align: align})
	}
	b := &statusBar{workspace: text(0), counts: text(0), model: text(0), saved: text(fyne.TextAlignTrailing), judge: text(fyne.TextAlignTrailing)}
	b.content = widgets.NewPanel(widgets.Surface{Fill: theme.ColorSurface, Across: theme.Gap3, Down: 0},
		container.NewBorder(nil, nil, nil, container.New(layout.NewCustomPaddedHBoxLayout(theme.Gap5), b.saved, b.judge),
			container.New(widgets.Flow{Gap: theme.Gap5}, b.workspace, b.counts, b.model)))
	return b
}

// show writes what stands in the workspace; s is nil while none is open.
func (b *statusBar) show(s *search) {
	if s == nil {
		for _, t := range []*widgets.Text{b.workspace, b.counts, b.model, b.saved, b.judge} {
			t.SetText("")
		}
		return
	}
	st := &s.status
	b.workspace.SetText(locale.T("Workspace %s", workspaceName(st.Path)))
	counts := locale.N(st.Products, "%d product", "%d products") + " · " + locale.N(st.Queries, "%d query", "%d queries") + " · " +
		locale.N(st.Judgments, "%d grade", "%d grades")
	if st.Encoded < st.Products {
		counts += locale.T(" · %d of %d encoded", st.Encoded, st.Products)
	}
	if st.Source.Address != "" {
		counts += locale.T(" · queries go to %s", engineInUse(st.Source))
	}
	b.counts.SetText(counts)
	model := ""
	if st.Model != "" {
		model = locale.T("Model %s", st.Model)
	}
	b.model.SetText(model)
	switch {
	case s.unsaved > 0:
		b.saved.SetText(locale.T("Saving…"))
	case !s.saved.IsZero():
		b.saved.SetText(locale.T("Saved %s", locale.Clock(s.saved)))
	default:
		b.saved.SetText("")
	}
	judge := ""
	if st.Judge != "" {
		judge = locale.T("Judge: %s", st.Judge)
	}
	b.judge.SetText(judge)
	b.content.Refresh()
}
