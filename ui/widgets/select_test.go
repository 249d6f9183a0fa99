package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// TestSelectBeforeItIsDrawn: a click that was meant for what stood there before
// finds a list of choices that no window knows yet, and opens nothing.
func TestSelectBeforeItIsDrawn(t *testing.T) {
	test.NewTempApp(t)
	s := NewSelect([]string{"a", "b"}, nil)
	s.Tapped(&fyne.PointEvent{})
	s.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	w := test.NewTempWindow(t, s)
	s.Tapped(&fyne.PointEvent{})
	if len(w.Canvas().Overlays().List()) != 1 {
		t.Error("in a window it does not open either")
	}
}
