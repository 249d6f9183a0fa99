package ui

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"

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
		container.NewBorder(nil, nil, spread(b.workspace, b.counts, b.model), spread(b.saved, b.judge)))
	return b
}

// spread sets texts side by side with room between them.
func spread(texts ...fyne.CanvasObject) fyne.CanvasObject {
	return container.New(rowLayout{gap: theme.Gap5}, texts...)
}

// rowLayout sets objects side by side, centred from top to bottom, and leaves
// out those that are empty.
type rowLayout struct{ gap float32 }

// Layout implements fyne.Layout.
func (l rowLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	x := float32(0)
	for _, o := range objects {
		m := o.MinSize()
		if m.Width == 0 || !o.Visible() {
			continue
		}
		o.Move(fyne.NewPos(x, (size.Height-m.Height)/2))
		o.Resize(m)
		x += m.Width + l.gap
	}
}

// MinSize implements fyne.Layout.
func (l rowLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	for _, o := range objects {
		m := o.MinSize()
		if m.Width == 0 || !o.Visible() {
			continue
		}
		if size.Width > 0 {
			size.Width += l.gap
		}
		size = fyne.NewSize(size.Width+m.Width, max(size.Height, m.Height))
	}
	return size
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
	b.workspace.SetText("Workspace " + workspaceName(st.Path))
	counts := count(st.Products, "product", "products") + " · " + count(st.Queries, "query", "queries") + " · " +
		count(st.Judgments, "grade", "grades")
	if st.Encoded < st.Products {
		counts += printer.Sprintf(" · %d of %d encoded", st.Encoded, st.Products)
	}
	b.counts.SetText(counts)
	model := ""
	if st.Model != "" {
		model = "Model " + st.Model
	}
	b.model.SetText(model)
	switch {
	case s.unsaved > 0:
		b.saved.SetText("Saving…")
	case !s.saved.IsZero():
		b.saved.SetText("Saved " + s.saved.Format("15:04:05"))
	default:
		b.saved.SetText("")
	}
	judge := ""
	if st.Judge != "" {
		judge = fmt.Sprintf("Judge: %s", st.Judge)
	}
	b.judge.SetText(judge)
	b.content.Refresh()
}
