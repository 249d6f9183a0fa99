package exchange

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"touchstone/engine"
)

func sorted(list []string) []string {
	slices.Sort(list)
	return list
}

// algoliaSynonym reads {"type": "synonym", "synonyms": [...]} and its one-way
// form.
func (in *ruleIntake) algoliaSynonym(raw []byte) error {
	var s struct {
		Type     string   `json:"type"`
		Input    string   `json:"input"`
		Synonyms []string `json:"synonyms"`
	}
	if err := json.Unmarshal(raw, &s); err != nil {
		return err
	}
	switch strings.ToLower(s.Type) {
	case "synonym":
		in.add(0, engine.Rule{Kind: engine.SynonymRule, Terms: s.Synonyms})
	case "onewaysynonym":
		in.add(0, engine.Rule{Kind: engine.SynonymRule, Terms: append([]string{s.Input}, s.Synonyms...), OneWay: true})
	default:
		return fmt.Errorf("synonyms of the type %q have no rule here", s.Type)
	}
	return nil
}

type algoliaCondition struct {
	Pattern   string `json:"pattern"`
	Anchoring string `json:"anchoring"`
}

// algoliaRule reads one rule, which may do several things.
func (in *ruleIntake) algoliaRule(raw []byte) error {
	var a struct {
		Conditions  []algoliaCondition `json:"conditions"`
		Condition   *algoliaCondition  `json:"condition"`
		Description string             `json:"description"`
		Enabled     *bool              `json:"enabled"`
		Validity    []struct {
			From  int64 `json:"from"`
			Until int64 `json:"until"`
		} `json:"validity"`
		Consequence struct {
			Params struct {
				Query           json.RawMessage `json:"query"`
				Filters         string          `json:"filters"`
				OptionalFilters json.RawMessage `json:"optionalFilters"`
			} `json:"params"`
			Promote []struct {
				ID       string   `json:"objectID"`
				IDs      []string `json:"objectIDs"`
				Position int      `json:"position"` // from 0
			} `json:"promote"`
			Hide []struct {
				ID string `json:"objectID"`
			} `json:"hide"`
			UserData json.RawMessage `json:"userData"`
		} `json:"consequence"`
	}
	if err := json.Unmarshal(raw, &a); err != nil {
		return err
	}
	if a.Condition != nil {
		a.Conditions = append(a.Conditions, *a.Condition)
	}
	base := engine.Rule{Note: a.Description, Off: a.Enabled != nil && !*a.Enabled}
	for _, c := range a.Conditions {
		algoliaWhen(&base.When, c)
	}
	if len(a.Validity) > 0 {
		v := a.Validity[0]
		base.From, base.Until = time.Unix(v.From, 0).UTC(), time.Unix(v.Until, 0).UTC()
		if len(a.Validity) > 1 {
			in.Notes = append(in.Notes, fmt.Sprintf("%q has several periods; the first is kept", a.Description))
		}
	}
	before := len(in.Rules)
	add := func(change func(*engine.Rule)) {
		r := base.Clone()
		change(&r)
		in.add(0, r)
	}
	c := &a.Consequence
	for _, p := range c.Promote {
		add(func(r *engine.Rule) {
			r.Kind, r.Position, r.Products = engine.PinRule, p.Position+1, p.IDs
			if p.ID != "" {
				r.Products = []string{p.ID}
			}
		})
	}
	if len(c.Hide) > 0 {
		add(func(r *engine.Rule) {
			r.Kind = engine.HideRule
			for _, h := range c.Hide {
				r.Products = append(r.Products, h.ID)
			}
		})
	}
	if c.Params.Filters != "" {
		filter, err := algoliaFilter(c.Params.Filters)
		if err != nil {
			return err
		}
		add(func(r *engine.Rule) { r.Kind, r.Filter = engine.FilterRule, filter })
	}
	if err := in.algoliaOptional(c.Params.OptionalFilters, add); err != nil {
		return err
	}
	if err := in.algoliaQuery(c.Params.Query, add); err != nil {
		return err
	}
	var redirect struct {
		Redirect string `json:"redirect"`
		URL      string `json:"redirectUrl"`
	}
	if json.Unmarshal(c.UserData, &redirect) == nil && redirect.Redirect+redirect.URL != "" {
		add(func(r *engine.Rule) { r.Kind, r.URL = engine.RedirectRule, redirect.Redirect+redirect.URL })
	}
	if len(in.Rules) == before {
		return errors.New("its consequence has no rule here")
	}
	return nil
}

func algoliaWhen(w *engine.When, c algoliaCondition) {
	pattern := regexp.QuoteMeta(c.Pattern)
	switch {
	case c.Pattern == "":
		return
	case c.Anchoring == "is":
		w.Queries = append(w.Queries, c.Pattern)
		return
	case c.Anchoring == "contains" || c.Anchoring == "":
		w.Has = append(w.Has, c.Pattern)
		return
	case c.Anchoring == "startsWith":
		pattern = "^" + pattern
	case c.Anchoring == "endsWith":
		pattern += "$"
	}
	if w.Pattern != "" {
		pattern = w.Pattern + "|" + pattern
	}
	w.Pattern = pattern
}

var algoliaTerm = regexp.MustCompile(`^(NOT\s+)?"?([^":<>=]+)"?\s*(:|<=|>=|!=|=|<|>)\s*(?:"([^"]*)"|'([^']*)'|(.+))$`)

// algoliaFilter reads conditions joined by AND.
func algoliaFilter(text string) (engine.Filter, error) {
	if strings.Contains(text, " OR ") || strings.Contains(text, "(") {
		return nil, fmt.Errorf("the filter %q joins conditions by OR, which a rule here cannot: make one rule of each", text)
	}
	var filter engine.Filter
	for term := range strings.SplitSeq(text, " AND ") {
		m := algoliaTerm.FindStringSubmatch(strings.TrimSpace(term))
		if m == nil {
			return nil, fmt.Errorf("the filter %q cannot be read", text)
		}
		op := m[3]
		if op == ":" {
			op = "="
		}
		if m[1] != "" {
			if op != "=" {
				return nil, fmt.Errorf("the filter %q cannot be read: NOT stands before a comparison", text)
			}
			op = "!="
		}
		filter = append(filter, engine.Condition{Field: strings.TrimSpace(m[2]), Op: op, Value: strings.TrimSpace(m[4] + m[5] + m[6])})
	}
	return filter, nil
}

// algoliaOptional reads optional filters, which lift what meets them.
func (in *ruleIntake) algoliaOptional(raw []byte, add func(func(*engine.Rule))) error {
	if len(raw) == 0 {
		return nil
	}
	var list []string
	if err := json.Unmarshal(raw, &list); err != nil {
		var one string
		if err := json.Unmarshal(raw, &one); err != nil {
			return fmt.Errorf("its optional filters are no list of texts: %w", err)
		}
		list = []string{one}
	}
	for _, text := range list {
		kind := engine.BoostRule
		if rest, ok := strings.CutPrefix(text, "-"); ok {
			kind, text = engine.BuryRule, rest
		}
		text, _, _ = strings.Cut(text, "<score=")
		filter, err := algoliaFilter(text)
		if err != nil {
			return err
		}
		add(func(r *engine.Rule) { r.Kind, r.Filter, r.By = kind, filter, 1 })
	}
	return nil
}

// algoliaQuery reads what becomes of the query: another one, or edits of it.
func (in *ruleIntake) algoliaQuery(raw []byte, add func(func(*engine.Rule))) error {
	if len(raw) == 0 {
		return nil
	}
	var whole string
	if json.Unmarshal(raw, &whole) == nil {
		found := false
		add(func(r *engine.Rule) {
			for _, of := range slices.Concat(r.When.Queries, r.When.Has) {
				found = true
				r.Kind, r.Terms = engine.ReplaceRule, []string{of, whole}
			}
		})
		if !found {
			in.Rules, in.Lines = in.Rules[:len(in.Rules)-1], in.Lines[:len(in.Lines)-1]
			return errors.New("it replaces a query that it does not name")
		}
		return nil
	}
	var edits struct {
		Edits []struct {
			Type   string `json:"type"`
			Delete string `json:"delete"`
			Insert string `json:"insert"`
		} `json:"edits"`
	}
	if err := json.Unmarshal(raw, &edits); err != nil {
		return err
	}
	for _, e := range edits.Edits {
		add(func(r *engine.Rule) {
			r.Kind, r.Terms = engine.ReplaceRule, []string{e.Delete}
			if e.Insert != "" {
				r.Terms = append(r.Terms, e.Insert)
			}
		})
	}
	return nil
}
