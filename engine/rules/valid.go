package rules

import (
	"errors"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strings"

	"touchstone/engine"
)

// Valid says what is wrong with a rule by itself, nil for nothing.
func Valid(r *engine.Rule) error {
	if !slices.Contains(engine.RuleKinds, r.Kind) {
		return fmt.Errorf("there is no kind of rule %q; %s", r.Kind, engine.Among(engine.RuleKinds, ""))
	}
	if _, err := newCondition(r.When); err != nil {
		return err
	}
	for _, q := range slices.Concat(r.When.Queries, r.When.Has) {
		if fold(q) == "" {
			return errors.New("one of its queries is empty")
		}
	}
	if !r.From.IsZero() && !r.Until.IsZero() && !r.From.Before(r.Until) {
		return fmt.Errorf("it ends on %s, before it begins on %s", r.Until.Format("2006-01-02"), r.From.Format("2006-01-02"))
	}
	if len(r.Products) > mostProducts {
		return fmt.Errorf("it names %d products, the most are %d: use a filter", len(r.Products), mostProducts)
	}
	if slices.ContainsFunc(r.Products, func(id string) bool { return strings.TrimSpace(id) == "" }) {
		return errors.New("one of its products has no ID")
	}
	return validKind(r)
}

func validKind(r *engine.Rule) error {
	about := len(r.Products) > 0 || len(r.Filter) > 0 || strings.TrimSpace(r.Words) != ""
	switch r.Kind {
	case engine.PinRule:
		switch {
		case len(r.Products) == 0:
			return errors.New("a pin needs a product")
		case r.Position < 1:
			return errors.New("a pin needs a position, 1 for the first")
		case r.When.Always():
			return errors.New("a pin needs a query, words or a pattern: on every query it would be an advertisement")
		}
	case engine.HideRule, engine.BoostRule, engine.BuryRule:
		if !about {
			return fmt.Errorf("a %s needs products, a filter or words", r.Kind)
		}
		if r.Kind != engine.HideRule && !(r.By > 0 && r.By <= 100) || math.IsNaN(r.By) {
			return fmt.Errorf("a %s goes by more than 0 and by no more than 100; 1 is from the last score to the first", r.Kind)
		}
	case engine.FilterRule:
		if len(r.Filter) == 0 && strings.TrimSpace(r.Words) == "" {
			return errors.New("a filter needs conditions or words")
		}
	case engine.SynonymRule, engine.ReplaceRule:
		return validTerms(r)
	case engine.RedirectRule:
		if r.When.Always() {
			return errors.New("a redirect needs a query, words or a pattern")
		}
		u, err := url.Parse(r.URL)
		if err != nil || r.URL == "" || u.Scheme != "" && u.Scheme != "http" && u.Scheme != "https" {
			return fmt.Errorf("%q is no address of a page", r.URL)
		}
	}
	return nil
}

func validTerms(r *engine.Rule) error {
	for _, term := range r.Terms {
		if fold(term) == "" {
			return errors.New("one of its terms is empty")
		}
	}
	switch {
	case len(r.Terms) == 1 && r.Kind == engine.ReplaceRule:
		return nil // by nothing
	case len(r.Terms) < 2:
		return fmt.Errorf("a %s needs two terms", r.Kind)
	case len(r.Terms) > mostTerms:
		return fmt.Errorf("it has %d terms, the most are %d", len(r.Terms), mostTerms)
	case r.Kind == engine.ReplaceRule && len(r.Terms) > 2:
		return errors.New("a replacement has two terms: what is typed and what stands for it")
	case fold(r.Terms[0]) == fold(r.Terms[1]):
		return fmt.Errorf("both of its terms are %q", r.Terms[0])
	}
	return nil
}
