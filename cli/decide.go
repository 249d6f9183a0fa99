package cli

import (
	"fmt"
	"text/tabwriter"

	"touchstone/engine/workbench"
)

// decidingCmds are the commands beside compare.
type decidingCmds struct {
	Sweep      sweepCmd      `cmd:"" help:"What a metric does while one weight, or how candidates are found, goes through its range."`
	Interleave interleaveCmd `cmd:"" help:"Mix the pages of two sides by team draft, and see whom the grades would pick."`
	Ideal      idealCmd      `cmd:"" help:"The best order of a query's judged products beside the present one."`
	Timeline   timelineCmd   `cmd:"" help:"Rankers, snapshots and changes of rules, newest first, with their scores."`
	Adopt      adoptCmd      `cmd:"" help:"Use a side from now on, or go back to an earlier one."`
}

type sweepCmd struct {
	Workspace string  `arg:""`
	Parameter string  `arg:"" help:"The weight of a feature by its name (cosine, bm25, price …), depth, or fusion."`
	From      float64 `help:"The least weight; with --to, otherwise the range of its slider."`
	To        float64 `help:"The greatest weight."`
	Steps     int     `default:"21" help:"Weights tried."`
	Ranker    string  `help:"A ranker by name; otherwise the one in use."`
	Metric    string  `default:"ndcg@10" help:"What is measured: ndcg@10, err@5, …"`
	Seed      int64   `default:"1" help:"Same seed, same queries left out."`
	Take      bool    `help:"Use the best point from now on, where queries that were left out do not get worse by it."`
	JSON      bool    `name:"json" help:"Print JSON."`
}

type sweepPoint struct {
	Label   string  `json:"label"`
	Value   float64 `json:"value"`
	Chosen  float64 `json:"chosen"`
	Left    float64 `json:"left_out"`
	Present bool    `json:"present,omitempty"`
	Best    bool    `json:"best,omitempty"`
}

func (c *sweepCmd) Run(s *session) error {
	return s.with(c.Workspace, func(bench *workbench.Bench) error {
		req := workbench.SweepRequest{Parameter: c.Parameter, From: c.From, To: c.To, Steps: c.Steps, Metric: c.Metric, Seed: c.Seed}
		var err error
		if req.Ranker, err = named(bench, c.Ranker); err != nil {
			return err
		}
		progress, finish := s.progress()
		sweep, err := bench.Sweep(s, req, progress)
		finish()
		if err != nil {
			return err
		}
		if err := c.print(s, sweep); err != nil {
			return err
		}
		if !c.Take {
			return nil
		}
		if sweep.Best == sweep.Present || sweep.Verdict == workbench.Worse {
			_, err = fmt.Fprintln(s.Stderr, "nothing was taken: it is best as it is, or queries that were left out get worse")
			return err
		}
		return bench.Take(sweep, sweep.Best)
	})
}

func (c *sweepCmd) print(s *session, sweep *workbench.Sweep) error {
	points := make([]sweepPoint, len(sweep.Points))
	for i, p := range sweep.Points {
		points[i] = sweepPoint{p.Label, p.Value, p.Chosen, p.Left, i == sweep.Present, i == sweep.Best}
	}
	if c.JSON {
		return s.writeJSON(struct {
			Parameter string       `json:"parameter"`
			Metric    string       `json:"metric"`
			Sentence  string       `json:"sentence"`
			Chosen    int          `json:"queries_chosen"`
			Left      int          `json:"queries_left_out"`
			Delta     float64      `json:"delta_left_out"`
			P         float64      `json:"p"`
			Points    []sweepPoint `json:"points"`
		}{sweep.Parameter, sweep.Metric.String(), sweep.Sentence(), sweep.Chosen, sweep.Left, sweep.OnLeft.Delta, sweep.OnLeft.P, points})
	}
	w := tabwriter.NewWriter(s.Stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintf(w, "%s\n%s\t%d queries\t%d left out\n", sweep.Sentence(), sweep.Parameter, sweep.Chosen, sweep.Left)
	for _, p := range points {
		mark := ""
		if p.Present {
			mark = "now"
		}
		if p.Best {
			mark += " best"
		}
		fmt.Fprintf(w, "%s\t%.4f\t%.4f\t%s\n", p.Label, p.Chosen, p.Left, mark)
	}
	return w.Flush()
}

type interleaveCmd struct {
	Workspace string `arg:""`
	A         string `arg:"" help:"One side, named as for compare."`
	B         string `arg:"" help:"The other side."`
	Queries   int    `default:"30" help:"Pages at most."`
	Seed      int64  `default:"1" help:"Same seed, same pages."`
	JSON      bool   `name:"json" help:"Print the pages with their teams as JSON."`
}

// Run previews a trial: the grades that are there pick, as the judge would.
func (c *interleaveCmd) Run(s *session) error {
	return s.with(c.Workspace, func(bench *workbench.Bench) error {
		req := workbench.InterleaveRequest{Most: c.Queries, Seed: c.Seed}
		var err error
		if req.A, err = bench.Side(c.A); err != nil {
			return err
		}
		if req.B, err = bench.Side(c.B); err != nil {
			return err
		}
		progress, finish := s.progress()
		trial, err := bench.Interleave(s, req, progress)
		finish()
		if err != nil {
			return err
		}
		if err := bench.PickByGrades(trial); err != nil {
			return err
		}
		if c.JSON {
			return s.writeJSON(interleavedJSON(trial))
		}
		r := trial.Result()
		_, err = fmt.Fprintf(s.Stdout, "By the grades that are there B (%s) wins %d queries, A (%s) %d, %d are equal; sign test p %s. %d of %d pages have no grade.\n",
			trial.B, r.Won, trial.A, r.Lost, r.Equal, workbench.Chance(r.P), len(trial.Pages)-r.Done, len(trial.Pages))
		return err
	})
}

type interleavedProduct struct {
	ID     string `json:"id"`
	Title  string `json:"title"`
	Team   string `json:"team"`
	Picked bool   `json:"picked"`
}

type interleavedPage struct {
	Query    string               `json:"query"`
	Products []interleavedProduct `json:"products"`
}

func interleavedJSON(trial *workbench.Interleaving) any {
	pages := []interleavedPage{}
	for i := range trial.Pages {
		page := &trial.Pages[i]
		out := interleavedPage{Query: page.Query}
		for k, p := range page.Products {
			team := "A"
			if page.FromB[k] {
				team = "B"
			}
			out.Products = append(out.Products, interleavedProduct{p.ID, p.Title, team, page.Picked[k]})
		}
		pages = append(pages, out)
	}
	r := trial.Result()
	return struct {
		A     string            `json:"a"`
		B     string            `json:"b"`
		Won   int               `json:"won"`
		Lost  int               `json:"lost"`
		Equal int               `json:"equal"`
		P     float64           `json:"p"`
		Pages []interleavedPage `json:"pages"`
	}{trial.A, trial.B, r.Won, r.Lost, r.Equal, r.P, pages}
}

type idealCmd struct {
	Workspace string `arg:""`
	Query     string `arg:""`
	Side      string `help:"What ranks, named as for compare; otherwise what is in use."`
	JSON      bool   `name:"json" help:"Print JSON."`
}

func (c *idealCmd) Run(s *session) error {
	return s.with(c.Workspace, func(bench *workbench.Bench) error {
		var side workbench.Side
		var err error
		if c.Side != "" {
			if side, err = bench.Side(c.Side); err != nil {
				return err
			}
		}
		page, err := bench.Ideal(s, c.Query, side)
		if err != nil {
			return err
		}
		if c.JSON {
			return s.writeJSON(struct {
				Query   string      `json:"query"`
				Metric  string      `json:"metric"`
				Value   float64     `json:"value"`
				Best    float64     `json:"best"`
				Present []idealLine `json:"present"`
				Ideal   []idealLine `json:"ideal"`
			}{page.Query, page.Metric, page.Value, page.Best, idealLines(page.Present), idealLines(page.Ideal)})
		}
		w := tabwriter.NewWriter(s.Stdout, 0, 4, 2, ' ', 0)
		fmt.Fprintf(w, "%q: %s %.4f of %.4f\n\tpresent\tgrade\tideal\tgrade\tnow at\n", page.Query, page.Metric, page.Value, page.Best)
		for i := range max(len(page.Present), len(page.Ideal)) {
			var present, ideal idealLine
			if i < len(page.Present) {
				present = idealLines(page.Present[i : i+1])[0]
			}
			if i < len(page.Ideal) {
				ideal = idealLines(page.Ideal[i : i+1])[0]
			}
			fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\n", i+1, present.Title, gradeCell(present.Grade), ideal.Title, gradeCell(ideal.Grade), placeText(ideal))
		}
		return w.Flush()
	})
}

type idealLine struct {
	ID    string   `json:"id"`
	Title string   `json:"title"`
	Grade *float64 `json:"grade"`
	Other int      `json:"other"` // rank on the other page, 0 for none
}

func idealLines(lines []workbench.ComparedLine) []idealLine {
	out := []idealLine{}
	for _, l := range lines {
		line := idealLine{ID: l.Product.ID, Title: l.Product.Title, Other: l.Other}
		if l.Grade != nil {
			g := float64(*l.Grade)
			line.Grade = &g
		}
		out = append(out, line)
	}
	return out
}

func gradeCell(g *float64) string {
	if g == nil {
		return ""
	}
	return fmt.Sprintf("%g", *g)
}

func placeText(l idealLine) string {
	switch {
	case l.ID == "":
		return ""
	case l.Other == 0:
		return "not on the page"
	}
	return fmt.Sprint(l.Other)
}

type timelineCmd struct {
	Workspace string `arg:""`
	JSON      bool   `name:"json" help:"Print JSON."`
}

func (c *timelineCmd) Run(s *session) error {
	return s.with(c.Workspace, func(bench *workbench.Bench) error {
		progress, finish := s.progress()
		moments, err := bench.Timeline(s, progress)
		finish()
		if err != nil {
			return err
		}
		if c.JSON {
			return s.writeJSON(momentsJSON(moments))
		}
		if len(moments) == 0 {
			s.none("nothing has happened yet: no ranker was learned, no snapshot kept and no rule changed")
		}
		w := tabwriter.NewWriter(s.Stdout, 0, 4, 2, ' ', 0)
		for _, m := range moments {
			score, now := "", ""
			if m.Scored {
				score = fmt.Sprintf("%.4f", m.Score)
			}
			if m.Now {
				now = "in use"
			}
			at := ""
			if !m.Time.IsZero() {
				at = m.Time.Local().Format("2006-01-02 15:04")
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", at, m.Name, score, now, m.Why)
		}
		return w.Flush()
	})
}

type momentJSON struct {
	Time  string   `json:"time"`
	Kind  string   `json:"kind"`
	Name  string   `json:"name"`
	Why   string   `json:"why"`
	Now   bool     `json:"now"`
	Score *float64 `json:"score"`
}

func momentsJSON(moments []workbench.Moment) []momentJSON {
	out := []momentJSON{}
	for _, m := range moments {
		line := momentJSON{Time: m.Time.UTC().Format("2006-01-02T15:04:05Z"), Kind: string(m.Kind), Name: m.Name, Why: m.Why, Now: m.Now}
		if m.Scored {
			line.Score = &m.Score
		}
		out = append(out, line)
	}
	return out
}

type adoptCmd struct {
	Workspace string `arg:""`
	Side      string `arg:"" help:"What to use from now on, named as for compare: NAME@3, snapshot:NAME, learned+rules:spring."`
	Why       string `help:"The reason, for the history."`
}

func (c *adoptCmd) Run(s *session) error {
	return s.with(c.Workspace, func(bench *workbench.Bench) error {
		r, err := bench.GoBack(c.Side, c.Why)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(s.Stdout, "%s is in use\n", r.Label())
		return err
	})
}
