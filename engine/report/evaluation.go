package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"
)

// Evaluation is one measured ranker, for the log of a build.
type Evaluation struct {
	Ranker     string
	Metric     string // "ndcg@10"
	Convention string
	Mean       float64
	Queries    int
	Skipped    int
	Coverage   float64
	Bounds     [2]float64
	Bar        *float64 // the least Mean that is good enough; nil where none was set
	Lowest     []Scored // the queries that did worst, worst first
	Made       time.Time
}

// Scored is the metric of one query.
type Scored struct {
	Query string
	Value float64
}

// EvaluationFormats are the formats that Write knows.
var EvaluationFormats = []string{"markdown", "junit"}

// Write writes the evaluation in one of EvaluationFormats.
func (e *Evaluation) Write(w io.Writer, format string) error {
	switch format {
	case "markdown":
		return e.markdown(w)
	case "junit":
		return e.junit(w)
	}
	return fmt.Errorf("there is no format %q for evaluations; the formats are %s", format, strings.Join(EvaluationFormats, ", "))
}

// Under reports whether the mean is below the bar.
func (e *Evaluation) Under() bool { return e.Bar != nil && !(e.Mean >= *e.Bar) }

func (e *Evaluation) sentence() string {
	s := fmt.Sprintf("%s of %s is %.4f", e.Metric, e.Ranker, e.Mean)
	switch {
	case e.Bar == nil:
		return s
	case e.Under():
		return fmt.Sprintf("%s, under %.4f", s, *e.Bar)
	}
	return fmt.Sprintf("%s, not under %.4f", s, *e.Bar)
}

func (e *Evaluation) detail() string {
	return fmt.Sprintf("%s convention, %d queries, %d left out; %.0f %% of what is shown is judged: between %.4f and %.4f if the rest were wrong, or had the highest grade",
		e.Convention, e.Queries, e.Skipped, 100*e.Coverage, e.Bounds[0], e.Bounds[1])
}

func (e *Evaluation) markdown(out io.Writer) error {
	w := bufio.NewWriter(out)
	fmt.Fprintf(w, "## %s\n\n%s\n", markdownText(e.sentence()), markdownText(e.detail()))
	if len(e.Lowest) > 0 {
		fmt.Fprintf(w, "\n| lowest queries | %s |\n|---|---:|\n", markdownText(e.Metric))
		for _, q := range e.Lowest {
			fmt.Fprintf(w, "| %s | %.3f |\n", markdownText(q.Query), q.Value)
		}
	}
	return w.Flush()
}

// junit is one test case, which fails when the mean is below the bar.
func (e *Evaluation) junit(w io.Writer) error {
	c := testCase{Class: "touchstone.eval", Name: printable(e.Metric + " of " + e.Ranker), Out: printable(e.sentence() + "\n" + e.detail())}
	if e.Under() {
		var lowest strings.Builder
		for _, q := range e.Lowest {
			fmt.Fprintf(&lowest, "%.3f  %s\n", q.Value, q.Query)
		}
		c.Failure = &failure{Message: printable(e.sentence()), Text: printable(lowest.String())}
	}
	return writeSuite(w, "touchstone eval", e.Made, c)
}
