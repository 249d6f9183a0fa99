package ui

import (
	"testing"

	"fyne.io/fyne/v2"

	"touchstone/ui/widgets"
)

// TestPanesAreResizedAndRemembered: with keys, by dragging, within bounds, and
// the next window looks as this one was left.
func TestPanesAreResizedAndRemembered(t *testing.T) {
	w, _ := everyAction(t)
	w.win.Resize(fyne.NewSize(1440, 900))
	side := w.shell.inspector
	before := side.Size().Width
	w.shell.act("pane.wider")
	if got := side.Size().Width; got != before+inspectorStep {
		t.Errorf("the pane is %v wide, want %v", got, before+inspectorStep)
	}
	w.shell.act("pane.narrower")
	w.shell.act("pane.narrower")
	if got := side.Size().Width; got != inspectorWidth {
		t.Errorf("the pane is %v wide, want no less than %v", got, inspectorWidth)
	}
	for _, o := range w.shell.content.inner.Objects {
		if d, ok := o.(*widgets.Divider); ok {
			d.Dragged(&fyne.DragEvent{Dragged: fyne.Delta{DX: -100}})
		}
	}
	if got := side.Size().Width; got != inspectorWidth+100 {
		t.Errorf("the dragged pane is %v wide", got)
	}
	w.shell.act("pane.names")
	if got := w.shell.rail.content.Size().Width; got != railWide {
		t.Errorf("the rail is %v wide", got)
	}
	again := w.another()
	if got := again.shell.panes; got != w.shell.panes {
		t.Errorf("remembered %+v, want %+v", got, w.shell.panes)
	}
	w.shell.act("pane.fold")
	if side.Visible() {
		t.Error("the pane is not folded away")
	}
}

func TestCompactRowsShowMore(t *testing.T) {
	w, _ := everyAction(t)
	row := func() float32 { return newResultRow(w.shell.search.results).MinSize().Height }
	before := row()
	w.shell.act("density.compact")
	if got := row(); got >= before {
		t.Errorf("a compact row is %v high, a comfortable one %v", got, before)
	}
}
