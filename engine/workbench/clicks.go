package workbench

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"touchstone/engine"
	"touchstone/engine/clicks"
	"touchstone/engine/learn"
)

// ClickSettings say how clicks count when weights are learned. The zero value
// is the position-based model at defaultClickWeight.
type ClickSettings struct {
	Model  clicks.Model `json:"model,omitempty"`
	Weight *float64     `json:"weight,omitempty"` // against a person's grade, 0 to 1; 0 leaves clicks out
}

// defaultClickWeight is what the grade of many clicks counts against a
// person's: five products that shoppers prefer weigh one that a judge does.
const defaultClickWeight = 0.2

func (s ClickSettings) model() clicks.Model {
	if s.Model == "" {
		return clicks.PBM
	}
	return s.Model
}

func (s ClickSettings) weight() float64 {
	if s.Weight == nil {
		return defaultClickWeight
	}
	return *s.Weight
}

// ClickModel is one model of the clicks, for comparison.
type ClickModel struct {
	Model    string    // "pbm" or "coec"
	Examined []float64 // by position, against the first
	Graded   int       // pairs of products of one query that people graded differently
	Right    float64   // share of them that the clicks order alike
}

// ClickStudy is what the clicks of a workspace say, by both models.
type ClickStudy struct {
	Queries, Shown, Clicked int
	Pairs                   int // queries and products
	Models                  []ClickModel
	// Alike is Spearman's correlation of the models' orders; NaN where there is
	// none.
	Alike  float64
	Model  string  // the one that learning uses
	Weight float64 // of clicks against people's grades
}

// Clicks compares what the models make of the clicks.
func (b *Bench) Clicks() (*ClickStudy, error) {
	all, err := b.store.Clicks()
	if err != nil {
		return nil, err
	}
	settings := b.store.Settings().Clicks
	s := &ClickStudy{Queries: len(all), Model: string(settings.model()), Weight: settings.weight()}
	s.Shown, s.Clicked = counts(all)
	qrels, err := b.qrels()
	if err != nil {
		return nil, err
	}
	var fitted []*clicks.Fitted
	for _, model := range clicks.Models {
		f, err := clicks.Fit(model, all)
		if err != nil {
			return nil, err
		}
		fitted = append(fitted, f)
		s.Pairs = len(f.Pairs)
		people := f.Agree(qrels)
		s.Models = append(s.Models, ClickModel{string(model), f.Examined, people.Pairs, people.Right})
	}
	s.Alike = clicks.Correlation(fitted[0], fitted[1])
	return s, nil
}

// SetClicks says which model learning uses and what clicks count against
// people's grades, 0 to 1.
func (b *Bench) SetClicks(model string, weight float64) error {
	if _, err := clicks.Fit(clicks.Model(model), nil); err != nil {
		return err
	}
	if !(weight >= 0 && weight <= 1) {
		return fmt.Errorf("clicks: a weight of %v: it lies between 0, which leaves them out, and 1, which counts them like grades", weight)
	}
	settings := b.store.Settings()
	settings.Clicks = ClickSettings{Model: clicks.Model(model), Weight: &weight}
	return b.store.PutSettings(settings)
}

// clickGrades are the grades that clicks give: query → product → grade and
// trust.
func (b *Bench) clickGrades() (map[string]map[string]clicks.Judged, error) {
	settings := b.store.Settings().Clicks
	if settings.weight() == 0 {
		return nil, nil
	}
	all, err := b.store.Clicks()
	if err != nil || len(all) == 0 {
		return nil, err
	}
	f, err := clicks.Fit(settings.model(), all)
	if err != nil {
		return nil, err
	}
	by := map[string]map[string]clicks.Judged{}
	for _, j := range f.Grades(b.Scale().Max(), settings.weight()) {
		if by[j.Query] == nil {
			by[j.Query] = map[string]clicks.Judged{}
		}
		by[j.Query][j.Product] = j
	}
	return by, nil
}

// addClicks gives a group the grades of clicks.
func addClicks(g *learn.Group, of map[string]clicks.Judged) {
	g.Clicks, g.Trust = nil, nil
	if len(of) == 0 {
		return
	}
	g.Clicks, g.Trust = make([]float64, len(g.Products)), make([]float64, len(g.Products))
	for i, product := range g.Products {
		j, ok := of[product]
		if !ok {
			g.Clicks[i] = notGraded
			continue
		}
		g.Clicks[i], g.Trust[i] = j.Grade, j.Trust
	}
}

// keepClicks adds what was shown and clicked; what was counted before, of a file
// or of what came in over HTTP, adds nothing, and the report says so.
func (b *Bench) keepClicks(pages []engine.ResultPage, file bool, report *EventReport) error {
	all := engine.ClicksOf(pages)
	source := ""
	if file {
		content, err := json.Marshal(all)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(content)
		source = hex.EncodeToString(sum[:8])
	}
	added, err := b.store.AddPages(source, pages)
	if err != nil && !errors.Is(err, ErrAlreadyRead) {
		return err
	}
	shown, clicked := counts(all)
	report.Queries = len(added)
	report.Shown, report.Clicked = counts(added)
	report.Known = shown + clicked - report.Shown - report.Clicked
	report.Repeated = len(all) > 0 && len(added) == 0
	return nil
}

// counts adds up how often anything was shown and clicked.
func counts(all []engine.Clicks) (shown, clicked int) {
	for _, c := range all {
		for _, t := range c.Tallies {
			shown += t.Shown
			clicked += t.Clicked
		}
	}
	return shown, clicked
}
