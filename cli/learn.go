package cli

import (
	"fmt"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

type trainCmd struct {
	Workspace string      `arg:""`
	Kind      engine.Kind `enum:"linear,dnn,trees" default:"linear" help:"linear, dnn or trees."`
	Seed      int64       `default:"1" help:"Same seed, same ranker."`
	JSON      bool        `name:"json" help:"Print JSON."`
}

// trainJSON is the contract's form of what was learned.
type trainJSON struct {
	Ranker  string      `json:"ranker"`
	Kind    engine.Kind `json:"kind"`
	Before  float64     `json:"before"`
	After   float64     `json:"after"`
	Train   float64     `json:"train"`
	Adopted bool        `json:"adopted"`
	Why     string      `json:"why"`
	Seconds float64     `json:"seconds"`
}

func (c *trainCmd) Run(s *session) error {
	return s.with(c.Workspace, func(bench *workbench.Bench) error {
		progress, finish := s.progress()
		learned, err := bench.Train(s, workbench.TrainRequest{Kind: c.Kind, Seed: c.Seed}, progress)
		finish()
		if err != nil {
			return err
		}
		if c.JSON {
			return s.writeJSON(trainJSON{learned.Ranker.Label(), learned.Kind, learned.Score[0], learned.Score[1],
				learned.Train[1], learned.Adopted, learned.Why, learned.Seconds})
		}
		fmt.Fprintln(s.Stdout, learned.Why)
		fmt.Fprintf(s.Stdout, "NDCG@10 on left-out queries:            %.3f → %.3f\n", learned.Score[0], learned.Score[1])
		fmt.Fprintf(s.Stdout, "NDCG@10 on the queries it was fitted to: %.3f → %.3f; %.1f s\n", learned.Train[0], learned.Train[1], learned.Seconds)
		if learned.Adopted {
			printWeights(s, learned)
		}
		return nil
	})
}

// printWeights prints how the weights changed; trees and networks have none that
// could be told.
func printWeights(s *session, learned *workbench.Learned) {
	if learned.Ranker.Kind != engine.Linear {
		fmt.Fprintln(s.Stdout, "What each feature adds differs from product to product: touchstone search explains each score.")
		return
	}
	for _, w := range learned.Ranker.Weights {
		fmt.Fprintf(s.Stdout, "  %-18s %6.3f → %6.3f\n", w.Feature, learned.Before.Weight(w.Feature), w.Weight)
	}
}

type evalCmd struct {
	Workspace string          `arg:""`
	Judgments string          `help:"Measure against this file instead of the workspace's own judgments."`
	Ranker    string          `help:"A ranker by name, or bm25, cosine, default; otherwise the one in use."`
	Metric    string          `default:"ndcg@10" help:"ndcg@10, err@5, p@10, …"`
	Scope     workbench.Scope `enum:"all,judged" default:"all" help:"all ranks the catalogue, judged only the judged products of each query."`
	Weighted  bool            `help:"Count each query as often as shoppers ask it."`
	Rules     string          `help:"Follow this set of rules: main, off or a name; otherwise the one in use."`
	FailUnder *float64        `help:"Exit 3 when the mean is lower."`
	JSON      bool            `name:"json" help:"Print JSON."`
	Markdown  string          `help:"Write a summary for a CI log; - is stdout."`
	JUnit     string          `name:"junit" help:"Write the result as JUnit XML for a CI server."`
}

// evalJSON is the contract's form of an evaluation.
type evalJSON struct {
	Metric     string                 `json:"metric"`
	Convention string                 `json:"convention"`
	Mean       float64                `json:"mean"`
	Queries    int                    `json:"queries"`
	Skipped    int                    `json:"skipped"`
	Coverage   float64                `json:"coverage"`
	Bounds     [2]float64             `json:"bounds"`
	PerQuery   []workbench.QueryScore `json:"per_query"`
}

func (c *evalCmd) Run(s *session) error {
	return s.with(c.Workspace, func(bench *workbench.Bench) error {
		req := workbench.EvalRequest{Metric: c.Metric, Scope: c.Scope, Weighted: c.Weighted}
		var err error
		if req.Rules, err = bench.RuleSet(c.Rules); err != nil {
			return err
		}
		if req.Ranker, err = named(bench, c.Ranker); err != nil {
			return err
		}
		if c.Judgments != "" {
			if req.Qrels, err = bench.ReadQrels(s, c.Judgments); err != nil {
				return err
			}
		}
		progress, finish := s.progress()
		e, err := bench.Evaluate(s, req, progress)
		finish()
		if err != nil {
			return err
		}
		for _, note := range e.Notes {
			fmt.Fprintln(s.Stderr, note)
		}
		for _, report := range []struct{ format, file string }{{"markdown", c.Markdown}, {"junit", c.JUnit}} {
			if report.file != "" {
				if err := bench.WriteEvaluation(e, req.Ranker, c.FailUnder, report.format, report.file); err != nil {
					return err
				}
			}
		}
		if c.JSON {
			err = s.writeJSON(evalJSON{e.Metric, e.Convention, e.Mean, e.Queries, e.Skipped, e.Coverage, e.Bounds, e.PerQuery})
		} else {
			_, err = fmt.Fprintf(s.Stdout, "%s (%s, %s) %.3f over %d queries, %d skipped; %.0f %% of the first page judged, between %.3f and %.3f\n",
				e.Metric, e.Convention, c.Scope, e.Mean, e.Queries, e.Skipped, 100*e.Coverage, e.Bounds[0], e.Bounds[1])
		}
		if err == nil && c.FailUnder != nil && !(e.Mean >= *c.FailUnder) {
			err = fmt.Errorf("%w: %s is %.4f, under %.4f", errGate, e.Metric, e.Mean, *c.FailUnder)
		}
		return err
	})
}
