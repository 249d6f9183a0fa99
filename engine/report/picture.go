package report

import (
	"image/color"
	"io"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
)

// The colours of the page, for wins and losses.
var (
	up   = color.RGBA{0x14, 0x8f, 0x5f, 0xff}
	down = color.RGBA{0xc6, 0x5a, 0x1e, 0xff}
)

// picture draws the difference of every query, most gained first, as "png" or
// "svg", for a slide.
func (r *Report) picture(w io.Writer, format string) error {
	p := plot.New()
	p.Title.Text = r.Sentence
	p.Title.Padding = vg.Points(8)
	p.X.Label.Text = "queries, most gained to most lost"
	p.X.Tick.Marker = plot.ConstantTicks(nil) // the number of a query says nothing
	p.Y.Label.Text = r.Metric.Label() + ", " + r.B.Name + " − " + r.A.Name
	for _, side := range []struct {
		colour color.Color
		sign   float64
	}{{up, 1}, {down, -1}} {
		bars := plotter.Values{}
		for _, q := range r.Queries {
			// A bar of the other sign keeps its place, at no height.
			bars = append(bars, side.sign*max(0, side.sign*q.Delta))
		}
		if len(bars) == 0 {
			continue
		}
		chart, err := plotter.NewBarChart(bars, 640/vg.Length(len(bars)))
		if err != nil {
			return err
		}
		chart.Color, chart.LineStyle.Width = side.colour, 0
		p.Add(chart)
	}
	if n := len(r.Queries); n > 0 {
		p.X.Min, p.X.Max = -0.5, float64(n)-0.5
	}
	drawn, err := p.WriterTo(10*vg.Inch, 4*vg.Inch, format)
	if err != nil {
		return err
	}
	_, err = drawn.WriteTo(w)
	return err
}
