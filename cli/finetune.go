package cli

import (
	"fmt"

	"touchstone/engine/workbench"
)

type finetuneCmd struct {
	Workspace string `arg:""`
	Seed      int64  `default:"1" help:"Same seed, same encoder."`
	Use       string `help:"Search with an encoder that was made before, NAME@VERSION, in place of making one."`
	Undo      bool   `help:"Search with the shipped encoder again, in place of making one."`
	List      bool   `help:"List what was made."`
	JSON      bool   `name:"json" help:"Print JSON."`
}

// finetuneJSON is what came of fine-tuning.
type finetuneJSON struct {
	Encoder string     `json:"encoder"`
	Before  [2]float64 `json:"before"` // whole, judged
	After   [2]float64 `json:"after"`
	Adopted bool       `json:"adopted"`
	Why     string     `json:"why"`
	Seconds float64    `json:"seconds"`
}

func (c *finetuneCmd) Run(s *session) error {
	return s.with(c.Workspace, func(bench *workbench.Bench) error {
		switch {
		case c.List:
			heads, used, err := bench.Encoders()
			if err != nil {
				return err
			}
			for _, h := range heads {
				mark, name := " ", h.Versioned()
				if name == used {
					mark = "*"
				}
				fmt.Fprintf(s.Stdout, "%s %s behind %s, %d grades of %d queries, %s %.3f → %.3f on queries left out\n", mark, name, h.Base, h.Made.Judgments, h.Made.Queries, h.Made.Metric, h.Made.Before, h.Made.After)
			}
			return nil
		case c.Undo:
			if err := bench.UseEncoder(""); err != nil {
				return err
			}
			_, err := fmt.Fprintln(s.Stdout, "the shipped encoder is in use")
			return err
		case c.Use != "":
			if err := bench.UseEncoder(c.Use); err != nil {
				return err
			}
			_, err := fmt.Fprintf(s.Stdout, "%s is in use\n", c.Use)
			return err
		}
		progress, finish := s.progress()
		t, err := bench.FineTune(s, c.Seed, progress)
		finish()
		if err != nil {
			return err
		}
		if c.JSON {
			return s.writeJSON(finetuneJSON{t.Head.Versioned(), [2]float64{t.Before.Whole, t.Before.Judged},
				[2]float64{t.After.Whole, t.After.Judged}, t.Adopted, t.Why, t.Seconds})
		}
		fmt.Fprintln(s.Stdout, t.Why)
		_, err = fmt.Fprintf(s.Stdout, "NDCG@10 on queries left out, whole %.3f → %.3f, judged only %.3f → %.3f; %.1f s\n",
			t.Before.Whole, t.After.Whole, t.Before.Judged, t.After.Judged, t.Seconds)
		return err
	})
}
