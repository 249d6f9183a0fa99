package cli

import (
	"fmt"
	"io"
	"math"
	"text/tabwriter"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

type judgesCmd struct {
	Workspace string `arg:""`
	JSON      bool   `name:"json" help:"Print JSON."`
	Consensus string `help:"Choose how several grades of a pair become one, for measuring, learning and export: median, mean, majority or reliable (by Dawid and Skene's model)."`
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

	Consensus string           `json:"consensus"` // how several grades of a pair become one
	Settled   int              `json:"settled"`   // pairs on which judges have settled
	Rest      []pairJSON       `json:"with_others"`
	Self      []pairJSON       `json:"with_self"` // by repeated pairs
	PerQuery  []queryAgreeJSON `json:"per_query"` // least agreed on first
}

type queryAgreeJSON struct {
	Query  string        `json:"query"`
	Shared int           `json:"shared"`
	Same   float64       `json:"same"`
	Alpha  engine.Number `json:"alpha"` // Krippendorff's, ordinal
}

func pairOf(p workbench.PairAgreement) pairJSON {
	return pairJSON{p.A, p.B, p.Shared, p.Same, coefficient(p.Kappa), coefficient(p.Linear), coefficient(p.Quadratic), p.Confusion}
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
		if c.Consensus != "" {
			if err := bench.SetConsensus(workbench.Consensus(c.Consensus)); err != nil {
				return err
			}
		}
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
	right, ok := r.Accuracy[judge]
	return engine.Number{Value: right, Known: ok}
}

func judgesOf(r *workbench.JudgesReport) judgesJSON {
	out := judgesJSON{
		Judges: []judgeJSON{}, Shared: r.Shared, Full: r.Full, Fleiss: coefficient(r.Fleiss),
		Alpha: alphaJSON{coefficient(r.Nominal), coefficient(r.Ordinal), coefficient(r.Interval)},
		Pairs: []pairJSON{}, Grades: r.Grades, Disputes: []disputeJSON{},
		Consensus: string(r.Consensus), Settled: r.Settled, Rest: []pairJSON{}, Self: []pairJSON{}, PerQuery: []queryAgreeJSON{},
	}
	for _, p := range r.Rest {
		out.Rest = append(out.Rest, pairOf(p))
	}
	for _, p := range r.Self {
		out.Self = append(out.Self, pairOf(p))
	}
	for _, q := range r.PerQuery {
		out.PerQuery = append(out.PerQuery, queryAgreeJSON{q.Query, q.Shared, q.Same, engine.Known(q.Ordinal)})
	}
	for _, name := range r.Agreement.Judges {
		out.Judges = append(out.Judges, judgeJSON{name, r.Judgments[name], accuracy(r, name)})
	}
	for _, p := range r.Between {
		out.Pairs = append(out.Pairs, pairOf(p))
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

const queriesPrinted = 5

// consensusName is each way to make one grade of many, in a sentence.
var consensusName = map[workbench.Consensus]string{
	"median": "median", "mean": "mean", "majority": "most frequent one", "reliable": "most probable one, judges weighed by how reliable they are (Dawid and Skene)",
}

// printConfusion prints what one judge said when another said what.
func printConfusion(out io.Writer, r *workbench.JudgesReport) {
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', tabwriter.AlignRight)
	for _, p := range r.Between {
		if p.Shared == 0 {
			continue
		}
		fmt.Fprintf(w, "\n%s down, %s across\t", p.A, p.B)
		for _, g := range r.Grades {
			fmt.Fprintf(w, "%g\t", g)
		}
		fmt.Fprintln(w)
		for i, row := range p.Confusion {
			fmt.Fprintf(w, "%g\t", r.Grades[i])
			for _, n := range row {
				fmt.Fprintf(w, "%d\t", n)
			}
			fmt.Fprintln(w)
		}
	}
	_ = w.Flush() // an error of out shows with the next line
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
	fmt.Fprintf(s.Stdout, "\nSeveral grades of a pair count as their %s; %d pairs are settled and count as that.\n", consensusName[r.Consensus], r.Settled)
	for _, p := range r.Self {
		fmt.Fprintf(s.Stdout, "%s with themselves, on second looks: same %.0f %% of %d, quadratic kappa %s\n", p.A, 100*p.Same, p.Shared, span(p.Quadratic))
	}
	if r.Shared == 0 {
		_, err := fmt.Fprintln(s.Stdout, "\nNo two judges have graded the same product for the same query, so there is nothing to agree on yet.")
		return err
	}
	fmt.Fprintf(s.Stdout, "\n%d pairs have two judges or more, %d have all %d. Over the first, between chance (0) and always the same (1), with 95 %% intervals:\n",
		r.Shared, r.Full, len(r.Agreement.Judges))
	fmt.Fprintf(w, "Krippendorff's alpha\tordinal %s\tnominal %s\tinterval %s\n", span(r.Ordinal), span(r.Nominal), span(r.Interval))
	fmt.Fprintf(w, "Fleiss' kappa\t%s\n", span(r.Fleiss))
	for _, p := range r.Between {
		if p.Shared == 0 {
			continue
		}
		fmt.Fprintf(w, "%s and %s\tkappa %s\tlinear %s\tquadratic %s\tsame %.0f %% of %d\n", p.A, p.B,
			span(p.Kappa), span(p.Linear), span(p.Quadratic), 100*p.Same, p.Shared)
	}
	for _, p := range r.Rest {
		fmt.Fprintf(w, "%s and the median of the others\t\t\tquadratic %s\tsame %.0f %% of %d\n", p.A, span(p.Quadratic), 100*p.Same, p.Shared)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	printConfusion(s.Stdout, r)
	for i, q := range r.PerQuery {
		if i == queriesPrinted || q.Same == 1 {
			break
		}
		if i == 0 {
			fmt.Fprintln(s.Stdout, "\nLeast agreed on (--json has all queries):")
		}
		fmt.Fprintf(w, "%s\tsame %.0f %% of %d\talpha %s\n", q.Query, 100*q.Same, q.Shared, span(workbench.Coefficient{Value: q.Ordinal, Low: math.NaN(), High: math.NaN()}))
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
