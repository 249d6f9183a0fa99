package cli

import (
	"fmt"
	"io"
	"text/tabwriter"

	"touchstone/engine/workbench"
)

type compareCmd struct {
	Workspace   string          `arg:""`
	A           string          `arg:"" help:"What is there: a ranker by name (NAME@3 for an older version), bm25, cosine, default, rules:NAME, rules:off, depth:50, fusion:rrf, encoder:NAME, engine:NAME, cosine=0.4, or several with + between them; or snapshot:NAME."`
	B           string          `arg:"" help:"What is to be better, named like A."`
	Judgments   string          `help:"Compare by this file instead of the workspace's own judgments."`
	Metric      string          `default:"ndcg@10" help:"What decides: ndcg@10, err@5, ndcg@10:quepid, …"`
	Scope       workbench.Scope `enum:"all,judged" default:"all" help:"all ranks the catalogue, judged only the judged products of each query."`
	Seed        int64           `default:"1" help:"Same seed, same numbers."`
	Weighted    bool            `help:"Count each query as often as shoppers ask it."`
	FailIfWorse bool            `help:"Exit 3 when B is worse."`
	JSON        bool            `name:"json" help:"Print JSON."`
	HTML        string          `name:"html" help:"Write a report that opens in any browser and prints."`
	XLSX        string          `name:"xlsx" help:"Write the numbers as a spreadsheet."`
	Markdown    string          `help:"Write a summary for a CI log or a pull request; - is stdout."`
	JUnit       string          `name:"junit" help:"Write the verdict as JUnit XML for a CI server."`
}

// compareJSON is the contract's form of a comparison: a and b are the means.
type compareJSON struct {
	Metric     string          `json:"metric"`
	Convention string          `json:"convention"`
	AName      string          `json:"a_name"`
	BName      string          `json:"b_name"`
	A          float64         `json:"a"`
	B          float64         `json:"b"`
	Delta      float64         `json:"delta"`
	CI95       [2]float64      `json:"ci95"`
	P          float64         `json:"p"`
	Wins       int             `json:"wins"`
	Ties       int             `json:"ties"`
	Losses     int             `json:"losses"`
	Verdict    string          `json:"verdict"`
	Sentence   string          `json:"sentence"`
	Warnings   []string        `json:"warnings"`
	Queries    int             `json:"queries"`
	Skipped    int             `json:"skipped"`
	Coverage   [2]float64      `json:"coverage"`
	Jaccard    float64         `json:"jaccard"`
	RBO        float64         `json:"rbo"`
	PerQuery   []comparedQuery `json:"per_query"`
	Unsettled  []unsettledPair `json:"unsettled"`
}

type comparedQuery struct {
	Query   string  `json:"query"`
	A       float64 `json:"a"`
	B       float64 `json:"b"`
	Delta   float64 `json:"delta"`
	Jaccard float64 `json:"jaccard"`
	RBO     float64 `json:"rbo"`
}

type unsettledPair struct {
	Query   string  `json:"query"`
	Product string  `json:"product"`
	Title   string  `json:"title"`
	Swing   float64 `json:"swing"`
}

func (c *compareCmd) Run(s *session) error {
	return s.with(c.Workspace, func(bench *workbench.Bench) error {
		compared, err := c.compare(s, bench)
		if err != nil {
			return err
		}
		for _, report := range []struct{ format, file string }{
			{"html", c.HTML}, {"xlsx", c.XLSX}, {"markdown", c.Markdown}, {"junit", c.JUnit},
		} {
			if report.file == "" {
				continue
			}
			if err := bench.WriteReport(compared, report.format, report.file); err != nil {
				return err
			}
		}
		if c.JSON {
			err = s.writeJSON(asJSON(compared))
		} else {
			err = printComparison(s.Stdout, compared)
		}
		if err == nil && c.FailIfWorse && compared.Verdict == workbench.Worse {
			err = fmt.Errorf("%w: %s (B) against %s (A): %s", errGate, compared.B.Name, compared.A.Name, compared.Sentence)
		}
		return err
	})
}

func (c *compareCmd) compare(s *session, bench *workbench.Bench) (*workbench.Comparison, error) {
	req := workbench.CompareRequest{Metric: c.Metric, Scope: c.Scope, Seed: c.Seed, Weighted: c.Weighted}
	var err error
	if req.A, err = bench.Side(c.A); err != nil {
		return nil, err
	}
	if req.B, err = bench.Side(c.B); err != nil {
		return nil, err
	}
	if c.Judgments != "" {
		if req.Qrels, err = bench.ReadQrels(s, c.Judgments); err != nil {
			return nil, err
		}
	}
	progress, finish := s.progress()
	defer finish()
	return bench.Compare(s, req, progress)
}

func asJSON(c *workbench.Comparison) compareJSON {
	out := compareJSON{
		Metric: c.Metric.String(), Convention: c.Metric.Convention.String(), AName: c.A.Name, BName: c.B.Name,
		A: c.A.Mean, B: c.B.Mean, Delta: c.Delta, CI95: [2]float64{c.Low, c.High}, P: c.P,
		Wins: c.Wins, Ties: c.Ties, Losses: c.Losses, Verdict: string(c.Verdict), Sentence: c.Sentence,
		Warnings: append([]string{}, c.Warnings...), Queries: len(c.Queries), Skipped: c.Skipped,
		Coverage: [2]float64{c.A.Coverage, c.B.Coverage}, Jaccard: c.Jaccard, RBO: c.RBO,
		PerQuery: []comparedQuery{}, Unsettled: []unsettledPair{},
	}
	for _, q := range c.Queries {
		out.PerQuery = append(out.PerQuery, comparedQuery{q.Query, q.A.Value, q.B.Value, q.Delta, q.Jaccard, q.RBO})
	}
	for _, p := range c.Unsettled {
		out.Unsettled = append(out.Unsettled, unsettledPair{p.Query, p.Product.ID, p.Product.Title, p.Swing})
	}
	return out
}

// printComparison prints the answer, what it rests on, and where B hurts.
func printComparison(out io.Writer, c *workbench.Comparison) error {
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	fmt.Fprintf(w, "%s\n%s\n", c.Sentence, c.Detail())
	for _, warning := range c.Warnings {
		fmt.Fprintln(w, "Careful:", warning)
	}
	fmt.Fprintf(w, "\nmetric\t%s\t%s\tdifference\n", c.A.Name, c.B.Name)
	for _, row := range c.Metrics {
		fmt.Fprintf(w, "%s\t%.4f\t%.4f\t%s\n", row.Metric.Label(), row.A, row.B, workbench.Signed(row.Delta))
	}
	if lost := c.Lost(workbench.MostLosses); len(lost) > 0 {
		fmt.Fprintf(w, "\nwhere B hurts\t%s\t%s\tdifference\n", c.A.Name, c.B.Name)
		for _, q := range lost {
			fmt.Fprintf(w, "%s\t%.4f\t%.4f\t%s\n", q.Query, q.A.Value, q.B.Value, workbench.Signed(q.Delta))
		}
	}
	if len(c.Unsettled) > 0 {
		fmt.Fprintf(w, "\nwould settle more\tproduct\ttitle\n")
		for _, p := range c.Unsettled[:min(5, len(c.Unsettled))] {
			fmt.Fprintf(w, "%s\t%s\t%s\n", p.Query, p.Product.ID, p.Product.Title)
		}
	}
	return w.Flush()
}
