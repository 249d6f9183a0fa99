package cli

import (
	"fmt"
	"math"
	"time"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

type pushJSON struct {
	Query  string      `json:"query"`
	Better string      `json:"better"`
	Worse  string      `json:"worse"`
	Titles [2]string   `json:"titles"` // of better and worse
	Grades [2]*float64 `json:"grades"` // null where nobody has graded
	Share  float64     `json:"share"`
}

type changeJSON struct {
	Feature string     `json:"feature"`
	Before  float64    `json:"before"`
	After   float64    `json:"after"`
	Pushes  []pushJSON `json:"pushes"`
}

func whyJSON(changes []workbench.Change) []changeJSON {
	out := make([]changeJSON, len(changes))
	for i, c := range changes {
		out[i] = changeJSON{c.Feature, c.Before, c.After, []pushJSON{}}
		for _, p := range c.Pushes {
			j := pushJSON{p.Query, p.Better, p.Worse, p.Titles, [2]*float64{}, p.Share}
			for side, g := range p.Grades {
				if !math.IsNaN(g) {
					j.Grades[side] = &g
				}
			}
			out[i].Pushes = append(out[i].Pushes, j)
		}
	}
	return out
}

type rankerCmd struct {
	List   rankerListCmd   `cmd:"" help:"List the rankers of a workspace with what made them."`
	Import rankerImportCmd `cmd:"" help:"Read a ranker that Touchstone, Elasticsearch, OpenSearch, Solr or RankLib wrote; it is not yet in use."`
	Use    rankerUseCmd    `cmd:"" help:"Rank with a stored ranker from now on."`
	Why    rankerWhyCmd    `cmd:"" help:"Which judgments moved each weight of a learned ranker."`
	Curve  rankerCurveCmd  `cmd:"" help:"Whether more grades would help: learning from ever more of the queries."`
}

type rankerListCmd struct {
	Workspace string `arg:""`
	JSON      bool   `name:"json" help:"Print JSON."`
}

func (c *rankerListCmd) Run(s *session) error {
	return s.with(c.Workspace, func(bench *workbench.Bench) error {
		rankers, err := bench.Rankers()
		if err != nil {
			return err
		}
		if c.JSON {
			return s.writeJSON(rankers)
		}
		used := bench.Ranker()
		for _, r := range append([]engine.Ranker{bench.Default()}, rankers...) {
			mark := " "
			if r.Name == used.Name && r.Version == used.Version {
				mark = "*"
			}
			fmt.Fprintf(s.Stdout, "%s %-24s %-7s", mark, r.Label(), r.Kind)
			if m := r.Made; !m.Time.IsZero() {
				fmt.Fprintf(s.Stdout, " %s from %s", m.Time.Local().Format(time.DateTime), m.From)
				if m.Judgments > 0 {
					fmt.Fprintf(s.Stdout, ", %d grades of %d queries, seed %d, data %s, %s %.3f → %.3f on queries left out", m.Judgments, m.Queries, m.Seed, m.DataHash, m.Metric, m.Before, m.After)
				}
			}
			fmt.Fprintln(s.Stdout)
		}
		return nil
	})
}

type rankerImportCmd struct {
	Workspace string `arg:""`
	File      string `arg:"" help:"Touchstone JSON, a model of the LTR plugin of Elasticsearch or OpenSearch, of Solr's LTR module, or of RankLib."`
	Name      string `help:"What to call it here; otherwise as the file does."`
}

func (c *rankerImportCmd) Run(s *session) error {
	return s.with(c.Workspace, func(bench *workbench.Bench) error {
		r, notes, err := bench.ImportRanker(s, c.File, c.Name)
		if err != nil {
			return err
		}
		for _, note := range notes {
			fmt.Fprintln(s.Stderr, note)
		}
		_, err = fmt.Fprintf(s.Stdout, "%s (%s, %d features) is stored; touchstone ranker use takes it into use\n", r.Label(), r.Kind, len(r.Weights))
		return err
	})
}

type rankerUseCmd struct {
	Workspace string `arg:""`
	Name      string `arg:"" help:"A ranker by name, an older version as in NAME@2, or default."`
}

func (c *rankerUseCmd) Run(s *session) error {
	return s.with(c.Workspace, func(bench *workbench.Bench) error {
		r, err := bench.Adopt(c.Name)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(s.Stdout, "%s is in use\n", r.Label())
		return err
	})
}

type rankerWhyCmd struct {
	Workspace string `arg:""`
	Ranker    string `help:"A ranker by name; otherwise the one in use."`
	Most      int    `default:"3" help:"Judgments listed for each weight."`
	JSON      bool   `name:"json" help:"Print JSON."`
}

func (c *rankerWhyCmd) Run(s *session) error {
	return s.with(c.Workspace, func(bench *workbench.Bench) error {
		r := bench.Ranker()
		if c.Ranker != "" {
			var err error
			if r, err = bench.Named(c.Ranker); err != nil {
				return err
			}
		}
		changes, err := bench.Why(s, r, c.Most)
		if err != nil {
			return err
		}
		if c.JSON {
			return s.writeJSON(whyJSON(changes))
		}
		for _, change := range changes {
			if !change.Shown() {
				continue
			}
			fmt.Fprintf(s.Stdout, "%-18s %6.3f → %6.3f\n", change.Feature, change.Before, change.After)
			for _, p := range change.Pushes {
				fmt.Fprintf(s.Stdout, "    %4.1f %% “%s”\n", 100*p.Share, p.Query)
				for side, id := range []string{p.Better, p.Worse} {
					fmt.Fprintf(s.Stdout, "           %-10s %s (%s)\n", gradeText(p.Grades[side]), p.Titles[side], id)
				}
			}
		}
		return nil
	})
}

func gradeText(g float64) string {
	if math.IsNaN(g) {
		return "not graded"
	}
	return fmt.Sprintf("grade %.2g", g)
}

type rankerCurveCmd struct {
	Workspace string `arg:""`
	Seed      int64  `default:"1" help:"Same seed, same curve."`
	JSON      bool   `name:"json" help:"Print JSON."`
}

func (c *rankerCurveCmd) Run(s *session) error {
	return s.with(c.Workspace, func(bench *workbench.Bench) error {
		progress, finish := s.progress()
		curve, err := bench.LearningCurve(s, c.Seed, progress)
		finish()
		if err != nil {
			return err
		}
		if c.JSON {
			return s.writeJSON(curve)
		}
		for _, p := range curve.Points {
			fmt.Fprintf(s.Stdout, "%4d queries: %.3f on them, %.3f on queries left out (%.3f before)\n", p.Queries, p.Train.Whole, p.Left.Whole, curve.Before.Whole)
		}
		_, err = fmt.Fprintln(s.Stdout, curve.Says)
		return err
	})
}
