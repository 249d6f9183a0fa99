package cli

import (
	"fmt"
	"math"

	"touchstone/engine/workbench"
)

type clicksCmd struct {
	Workspace string   `arg:""`
	Model     string   `help:"The model that learning uses from now on: pbm or coec."`
	Weight    *float64 `help:"What clicks count against people's grades from now on, 0 to 1; 0 leaves them out."`
	JSON      bool     `name:"json" help:"Print JSON."`
}

type clickModelJSON struct {
	Model    string    `json:"model"`
	Examined []float64 `json:"examined"`
	Pairs    int       `json:"pairs_with_grades"`
	Right    float64   `json:"ordered_like_people"`
}

func (c *clicksCmd) Run(s *session) error {
	return s.with(c.Workspace, func(bench *workbench.Bench) error {
		study, err := bench.Clicks()
		if err != nil {
			return err
		}
		if c.Model != "" || c.Weight != nil {
			if c.Model != "" {
				study.Model = c.Model
			}
			if c.Weight != nil {
				study.Weight = *c.Weight
			}
			if err := bench.SetClicks(study.Model, study.Weight); err != nil {
				return err
			}
		}
		models := make([]clickModelJSON, len(study.Models))
		for i, m := range study.Models {
			models[i] = clickModelJSON{m.Model, m.Examined, m.Graded, m.Right}
		}
		if c.JSON {
			var alike *float64
			if !math.IsNaN(study.Alike) {
				alike = &study.Alike
			}
			return s.writeJSON(struct {
				Queries int              `json:"queries"`
				Shown   int              `json:"shown"`
				Clicked int              `json:"clicked"`
				Pairs   int              `json:"pairs"`
				Models  []clickModelJSON `json:"models"`
				Alike   *float64         `json:"correlation"`
				Model   string           `json:"model"`
				Weight  float64          `json:"weight"`
			}{study.Queries, study.Shown, study.Clicked, study.Pairs, models, alike, study.Model, study.Weight})
		}
		if study.Shown+study.Clicked == 0 {
			_, err := fmt.Fprintln(s.Stdout, "No result pages are known yet: touchstone events reads them.")
			return err
		}
		fmt.Fprintf(s.Stdout, "%d results of %d queries shown, %d clicked\n", study.Shown, study.Queries, study.Clicked)
		for _, m := range models {
			fmt.Fprintf(s.Stdout, "%-5s looked at, by position:", m.Model)
			for _, e := range m.Examined[:min(10, len(m.Examined))] {
				fmt.Fprintf(s.Stdout, " %.2f", e)
			}
			if m.Pairs > 0 {
				fmt.Fprintf(s.Stdout, "; orders %.0f %% of %d pairs as people's grades do", 100*m.Right, m.Pairs)
			}
			fmt.Fprintln(s.Stdout)
		}
		if !math.IsNaN(study.Alike) {
			fmt.Fprintf(s.Stdout, "the two orders correlate by %.2f (Spearman)\n", study.Alike)
		}
		_, err = fmt.Fprintf(s.Stdout, "learning counts them by %s, at most %.2f of a person's grade\n", study.Model, study.Weight)
		return err
	})
}
