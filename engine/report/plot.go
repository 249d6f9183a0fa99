package report

import (
	"fmt"

	"touchstone/engine/compare"
)

// mark is one query in a plot, in the units of its drawing.
type mark struct {
	Class, Title string
	X, Y, W, H   coordinate
}

// coordinate is written with the two decimals that a screen can show.
type coordinate float64

func (c coordinate) String() string { return fmt.Sprintf("%.2f", float64(c)) }

// bars is the difference of every query, most gained first.
type bars struct {
	Width, Height, Left, Zero coordinate
	Top, Bottom               string // the values at both ends
	Bars                      []mark
}

// bars is nil where there is nothing to draw.
func (r *Report) bars() *bars {
	if len(r.Queries) == 0 {
		return nil
	}
	most := max(0, r.Queries[0].Delta)
	least := min(0, r.Queries[len(r.Queries)-1].Delta)
	if most == least {
		return nil // all equal
	}
	b := &bars{Width: 960, Height: 240, Left: 52, Top: compare.Signed(most), Bottom: compare.Signed(least)}
	scale := b.Height / coordinate(most-least)
	b.Zero = coordinate(most) * scale
	step := (b.Width - b.Left) / coordinate(len(r.Queries))
	for i, q := range r.Queries {
		height := coordinate(q.Delta) * scale
		b.Bars = append(b.Bars, mark{Class: direction(q.Delta), Title: title(q),
			X: b.Left + coordinate(i)*step, Y: b.Zero - max(0, height), W: step * 0.85, H: max(height, -height)})
	}
	return b
}

// scatter is every query as a point: A to the right, B upward.
type scatter struct {
	// The square that holds the points and the drawing around it, which leaves
	// room for the points on its edges.
	Left, Right, Upper, Lower, Side, Width, Bottom coordinate
	Most                                           string // the value at the far ends
	Points                                         []mark
}

func (r *Report) scatter() *scatter {
	if len(r.Queries) == 0 {
		return nil
	}
	most := 1.0 // above it only for DCG
	for _, q := range r.Queries {
		most = max(most, q.A.Value, q.B.Value)
	}
	s := &scatter{Left: 20, Right: 360, Upper: 6, Lower: 346, Side: 340, Width: 366, Bottom: 368, Most: fmt.Sprintf("%.3g", most)}
	for _, q := range r.Queries {
		s.Points = append(s.Points, mark{Class: direction(q.Delta), Title: title(q),
			X: s.Left + s.Side*coordinate(q.A.Value/most), Y: s.Lower - s.Side*coordinate(q.B.Value/most)})
	}
	return s
}

func title(q compare.Query) string {
	return fmt.Sprintf("%s: %.3f → %.3f", q.Query, q.A.Value, q.B.Value)
}

// histogram is how many queries differ by how much.
type histogram struct {
	Width, Height, Base coordinate
	Low, High           string // the differences at both ends
	Most                int    // queries of the highest bar
	Bars                []mark
}

// bins is odd, so that the middle one holds what is equal.
const bins = 21

// histogram is nil where there is nothing to count.
func (r *Report) histogram() *histogram {
	reach := 0.0
	for _, q := range r.Queries {
		reach = max(reach, q.Delta, -q.Delta)
	}
	if reach == 0 {
		return nil
	}
	counts := [bins]int{}
	for _, q := range r.Queries {
		// From −reach to reach; the ends belong to the outer bins.
		counts[min(bins-1, int((q.Delta+reach)/(2*reach)*bins))]++
	}
	h := &histogram{Width: 366, Height: 160, Base: 140, Low: compare.Signed(-reach), High: compare.Signed(reach)}
	for _, n := range counts {
		h.Most = max(h.Most, n)
	}
	width := 2 * reach / bins
	for i, n := range counts {
		from := -reach + float64(i)*width
		height := (h.Base - 14) * coordinate(n) / coordinate(h.Most)
		h.Bars = append(h.Bars, mark{Class: direction(float64(i - bins/2)), Title: fmt.Sprintf("%s to %s: %d", compare.Signed(from), compare.Signed(from+width), n),
			X: coordinate(i) * h.Width / bins, Y: h.Base - height, W: h.Width/bins - 2, H: height})
	}
	return h
}
