package ui

import (
	"runtime"
	"testing"
)

// TestPlacesKeepNoFonts: the toolkit reads the fonts again, 10 MB each time, for
// each override of the theme that it is given.
func TestPlacesKeepNoFonts(t *testing.T) {
	sc := newScreen(t)
	round := func() (held uint64) {
		for _, to := range []string{placeQueries, placeCatalogue, placeSearch} {
			sc.shell.goTo(to)
			sc.settle()
			sc.canvas.Capture()
		}
		sc.shell.openPalette()
		sc.canvas.Capture()
		sc.shell.closePalette()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	first := round()
	for range 4 {
		round()
	}
	if last := round(); last > first+5e6 {
		t.Errorf("the heap goes from %d to %d MB in five rounds through the places", first/1e6, last/1e6)
	}
}
