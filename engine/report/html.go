package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"

	"touchstone/engine"
	"touchstone/engine/compare"
	"touchstone/engine/measure"
)

//go:embed page.html
var pageSource string

// page escapes what it is given by where it stands: a product called <script>
// is shown as that.
var page = template.Must(template.New("page.html").Funcs(template.FuncMap{
	"signed":    compare.Signed,
	"p":         chance,
	"fixed":     func(v float64) string { return fmt.Sprintf("%.3f", v) },
	"direction": direction,
	"side":      func(name string, value float64, lines []compare.Line) side { return side{name, value, lines} },
	"move":      move,
	"moveClass": moveClass,
	"grade":     func(g *engine.Grade) string { return fmt.Sprintf("%g", float64(*g)) },
	// Filled in for each report, whose scale it needs.
	"gradeClass": func(*engine.Grade) string { return "" },
}).Parse(pageSource))

// html writes one file that needs nothing else: no script, no picture, no font
// and no network.
func (r *Report) html(w io.Writer) error {
	own, err := page.Clone()
	if err != nil {
		return err
	}
	own.Funcs(template.FuncMap{"gradeClass": r.gradeClass})
	return own.Execute(w, struct {
		*Report
		Bars      *bars
		Scatter   *scatter
		Histogram *histogram
	}{r, r.bars(), r.scatter(), r.histogram()})
}

// side is one of the two pages of a query.
type side struct {
	Name  string
	Value float64
	Lines []compare.Line
}

func direction(delta float64) string {
	switch {
	case delta > 0:
		return "up"
	case delta < 0:
		return "down"
	}
	return "same"
}

// move is how far a product rose or fell from A's page to B's, said on B's; on
// A's it says which products are gone.
func move(side string, l compare.Line) string {
	rose := l.Other - l.Rank
	switch {
	case l.Other == 0 && side == "A":
		return "gone"
	case l.Other == 0:
		return "new"
	case side == "A":
		return ""
	case rose > 0:
		return fmt.Sprintf("▲%d", rose)
	case rose < 0:
		return fmt.Sprintf("▼%d", -rose)
	}
	return ""
}

func moveClass(side string, l compare.Line) string {
	if l.Other == 0 || side == "A" {
		return "soft"
	}
	return direction(float64(l.Other - l.Rank))
}

// chance writes a p-value as it stands alone.
func chance(p float64) string { return strings.TrimPrefix(measure.Chance(p), "= ") }

// gradeClass is the shade of a grade: g0, wrong, to g3, the highest.
func (r *Report) gradeClass(g *engine.Grade) string {
	top := r.Metric.Max
	if top == 0 {
		top = float64(engine.DefaultScale().Max())
	}
	return fmt.Sprintf("g%.0f", 3*min(1, max(0, float64(*g)/top)))
}
