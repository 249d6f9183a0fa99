package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

func TestDifferencesAreChosen(t *testing.T) {
	test.NewTempApp(t)
	d := NewDifferences()
	var told []int
	d.OnChosen = func(i int) { told = append(told, i) }
	d.Resize(fyne.NewSize(100, 100))
	d.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight}) // nothing there yet
	d.Set([]float64{0.2, 0.1, 0, -0.1, -0.2})
	for _, k := range []fyne.KeyName{fyne.KeyRight, fyne.KeyRight, fyne.KeyEnd, fyne.KeyRight, fyne.KeyLeft, fyne.KeyHome} {
		d.TypedKey(&fyne.KeyEvent{Name: k})
	}
	want := []int{0, 1, 4, 4, 3, 0}
	if len(told) != len(want) {
		t.Fatalf("told %v, want %v", told, want)
	}
	for i := range want {
		if told[i] != want[i] {
			t.Fatalf("told %v, want %v", told, want)
		}
	}
	if got := []int{d.at(0), d.at(2*barMost + 1), d.at(5*barMost + 1), d.at(-1)}; got[0] != 0 || got[1] != 2 || got[2] != -1 || got[3] != -1 {
		t.Errorf("bars under the pointer are %v", got)
	}
	d.Choose(7)
	if d.Chosen() != -1 {
		t.Error("a bar that is not there is chosen")
	}
}
