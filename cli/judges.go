package cli

import (
	"fmt"
	"math"
	"text/tabwriter"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

type judgesCmd struct {
	Workspace string `arg:""`
	JSON      bool   `name:"json" help:"Print JSON."`
}

// judgesJSON is the contract's form of agreement. A coefficient is null where it
// is not defined.
type judgesJSON struct {
	Judges   []judgeJSON     `json:"judges"`
	Shared   int             `json:"shared"` // pairs graded by two judges or more
	Full     int             `json:"full"`   // by every judge
	Fleiss   coefficientJSON `json:"fleiss"`
	Alpha    alphaJSON       `json:"alpha"`
	Pairs    []pairJSON      `json:"pairs"`
	Grades   []float64       `json:"grades"` // of the rows and columns of confusion
	Disputes []disputeJSON   `json:"disagreements"`
}

type judgeJSON struct {
	Judge     string        `json:"judge"`
	Judgments int           `json:"judgments"`
	Accuracy  engine.Number `json:"accuracy"` // the chance of the true grade, by Dawid and Skene's model; null while no pair is shared
}

type coefficientJSON struct {
	Value engine.Number    `json:"value"`
	CI95  [2]engine.Number `json:"ci95"`
}

type alphaJSON struct {
	Nominal  coefficientJSON `json:"nominal"`
	Ordinal  coefficientJSON `json:"ordinal"`
	Interval coefficientJSON `json:"interval"`
}

type pairJSON struct {
	A         string          `json:"a"`
	B         string          `json:"b"`
	Shared    int             `json:"shared"`
	Same      float64         `json:"same"`
	Kappa     coefficientJSON `json:"kappa"`
	Linear    coefficientJSON `json:"linear"`
	Quadratic coefficientJSON `json:"quadratic"`
	Confusion [][]int         `json:"confusion"`
}

type disputeJSON struct {
	Query   string      `json:"query"`
	Product string      `json:"product"`
	Title   string      `json:"title"`
	Grades  []gradeJSON `json:"grades"`
}

type gradeJSON struct {
	Judge string       `json:"judge"`
	Grade engine.Grade `json:"grade"`
	Note  string       `json:"note,omitempty"`
}

func coefficient(c workbench.Coefficient) coefficientJSON {
	return coefficientJSON{engine.Known(c.Value), [2]engine.Number{engine.Known(c.Low), engine.Known(c.High)}}
}

func (c *judgesCmd) Run(s *session) error {
	return s.with(c.Workspace, func(bench *workbench.Bench) error {
		report, err := bench.Judges(s)
		if err != nil {
			return err
		}
		if c.JSON {
			return s.writeJSON(judgesOf(report))
		}
		return s.printJudges(report)
	})
}

// accuracy is known once there is someone to compare with.
func accuracy(r *workbench.JudgesReport, judge string) engine.Number {
	if r.Shared == 0 {
		return engine.Number{}
	}
	return engine.Known(r.Accuracy[judge])
}

func judgesOf(r *workbench.JudgesReport) judgesJSON {
	out := judgesJSON{
		Judges: []judgeJSON{}, Shared: r.Shared, Full: r.Full, Fleiss: coefficient(r.Fleiss),
		Alpha: alphaJSON{coefficient(r.Nominal), coefficient(r.Ordinal), coefficient(r.Interval)},
		Pairs: []pairJSON{}, Grades: r.Grades, Disputes: []disputeJSON{},
	}
	for _, name := range r.Agreement.Judges {
		out.Judges = append(out.Judges, judgeJSON{name, r.Judgments[name], accuracy(r, name)})
	}
	for _, p := range r.Between {
		out.Pairs = append(out.Pairs, pairJSON{p.A, p.B, p.Shared, p.Same,
			coefficient(p.Kappa), coefficient(p.Linear), coefficient(p.Quadratic), p.Confusion})
	}
	for _, d := range r.Disputes {
		dispute := disputeJSON{Query: d.Query, Product: d.Product, Title: d.Title}
		for _, j := range d.Judgments {
			dispute.Grades = append(dispute.Grades, gradeJSON{j.Judge, j.Grade, j.Note})
		}
		out.Disputes = append(out.Disputes, dispute)
	}
	return out
}

// disputesPrinted is how many disagreements the text form lists; JSON has all.
const disputesPrinted = 20

func (s *session) printJudges(r *workbench.JudgesReport) error {
	w := tabwriter.NewWriter(s.Stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintf(w, "judge\tgrades\tright by the others\n")
	for _, name := range r.Agreement.Judges {
		right := "–"
		if a := accuracy(r, name); a.Known {
			right = fmt.Sprintf("%.0f %%", 100*a.Value)
		}
		fmt.Fprintf(w, "%s\t%d\t%s\n", name, r.Judgments[name], right)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if r.Shared == 0 {
		_, err := fmt.Fprintln(s.Stdout, "\nNo two judges have graded the same product for the same query, so there is nothing to agree on yet.")
		return err
	}
	fmt.Fprintf(s.Stdout, "\n%d pairs have two judges or more, %d have all %d. Between chance (0) and always the same (1), with 95 %% intervals:\n",
		r.Shared, r.Full, len(r.Agreement.Judges))
	fmt.Fprintf(w, "Krippendorff's alpha\tordinal %s\tnominal %s\tinterval %s\n", span(r.Ordinal), span(r.Nominal), span(r.Interval))
	fmt.Fprintf(w, "Fleiss' kappa\t%s\n", span(r.Fleiss))
	for _, p := range r.Between {
		fmt.Fprintf(w, "%s and %s\tkappa %s\tlinear %s\tquadratic %s\tsame %.0f %% of %d\n", p.A, p.B,
			span(p.Kappa), span(p.Linear), span(p.Quadratic), 100*p.Same, p.Shared)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(s.Stdout, "\n%d pairs are graded differently", len(r.Disputes))
	if len(r.Disputes) > disputesPrinted {
		fmt.Fprintf(s.Stdout, "; the %d farthest apart (--json has all)", disputesPrinted)
	}
	fmt.Fprintln(s.Stdout)
	for _, d := range r.Disputes[:min(len(r.Disputes), disputesPrinted)] {
		fmt.Fprintf(w, "%s\t%s\t%s", d.Query, d.Product, d.Title)
		for _, j := range d.Judgments {
			fmt.Fprintf(w, "\t%s %v", j.Judge, j.Grade)
		}
		fmt.Fprintln(w)
	}
	return w.Flush()
}

// span writes a coefficient with its interval.
func span(c workbench.Coefficient) string {
	switch {
	case math.IsNaN(c.Value):
		return "not defined"
	case math.IsNaN(c.Low):
		return fmt.Sprintf("%.3f", c.Value)
	}
	return fmt.Sprintf("%.3f (%.3f to %.3f)", c.Value, c.Low, c.High)
}
