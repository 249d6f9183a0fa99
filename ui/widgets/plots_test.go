package widgets

import (
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"pgregory.net/rapid"
)

// TestBinsHoldEveryValue: each value is in the one bin whose range it is in.
func TestBinsHoldEveryValue(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		values := rapid.SliceOf(rapid.OneOf(rapid.Just(0.0), rapid.Float64Range(-1, 1))).Draw(rt, "values")
		all := bins(values)
		if len(values) == 0 {
			return
		}
		total := 0
		for i, b := range all {
			count := 0
			for _, v := range values {
				// Rounding may put a value that stands on a border into either bin.
				if b.Low == b.High && v == 0 || b.Low < b.High && v != 0 && v > b.Low-1e-12 && v < b.High+1e-12 {
					count++
				}
			}
			if b.Count > count {
				rt.Fatalf("bin %d, %v to %v, counts %d of %d that are in it", i, b.Low, b.High, b.Count, count)
			}
			total += b.Count
		}
		if total != len(values) || len(all)%2 != 1 {
			rt.Fatalf("%d values in %d bins, there are %d", total, len(all), len(values))
		}
	})
}

func TestScatterIsChosen(t *testing.T) {
	test.NewTempApp(t)
	s := NewScatter()
	var told []int
	s.OnChosen = func(i int) { told = append(told, i) }
	s.Resize(fyne.NewSquareSize(100 + 2*dotRadius))
	s.Tapped(&fyne.PointEvent{Position: fyne.NewPos(50, 50)}) // nothing there yet
	s.Set([][2]float64{{0, 1}, {1, 0}, {0.5, 0.5}, {2, 0.5}})
	for _, at := range []fyne.Position{{X: dotRadius, Y: dotRadius + 50}, {X: 100, Y: 78}, {X: 30, Y: 72}, {X: 99, Y: 5}} {
		s.Tapped(&fyne.PointEvent{Position: at})
	}
	if len(told) != 3 || told[0] != 0 || told[1] != 3 || told[2] != 2 {
		t.Errorf("told %v; the values reach to 2, so the first stands half way up", told)
	}
	s.Choose(9)
	if s.chosen != -1 {
		t.Error("a dot that is not there is chosen")
	}
}

func TestCurvesNameTheNearestPoint(t *testing.T) {
	test.NewTempApp(t)
	c := NewCurves()
	var told []int
	c.OnHover = func(i int) { told = append(told, i) }
	c.Resize(fyne.NewSize(2*curvesInset+100, 80))
	move := func(x float32) {
		c.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x, 10)}})
	}
	move(10) // nothing there yet
	c.Set([]float64{0, 1, 10}, []float64{0.1, 0.3, 0.2}, []float64{0.5, 0.5, 0.5}, 1, 0)
	move(curvesInset)
	move(curvesInset + 12)
	move(curvesInset + 100)
	c.MouseOut()
	if len(told) != 4 || told[0] != 0 || told[1] != 1 || told[2] != 2 || told[3] != -1 {
		t.Errorf("told %v", told)
	}
	// A curve that is level stands in the middle, the highest point at the top.
	if y := c.place(c.left, 1, c.Size()).Y; math.Abs(float64(y)-40) > 0.01 {
		t.Errorf("a level curve stands at %v of 80", y)
	}
	if y := c.place(c.chosen, 1, c.Size()).Y; y != curvesInset {
		t.Errorf("the highest point stands at %v", y)
	}
}
