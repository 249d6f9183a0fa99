package workbench

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"touchstone/engine"
	"touchstone/engine/rules"
)

// CheckRules lists what is wrong with a set of rules: rules that act against
// each other, that name products which are gone, that are about nothing, that
// fit no query of the query set, whose time is over. nil is the set in use.
func (b *Bench) CheckRules(set *RuleSet) ([]RuleProblem, error) {
	set = b.ruled(set)
	queries, err := b.Queries()
	if err != nil {
		return nil, err
	}
	texts := make([]string, len(queries))
	for i, q := range queries {
		texts[i] = q.Text
	}
	now := time.Now()
	found := rules.Conflicts(set.Rules, texts, now)
	for i := range set.Rules {
		dead, err := b.dead(&set.Rules[i], texts, now)
		if err != nil {
			return nil, err
		}
		found = append(found, dead...)
	}
	away, err := b.pinnedAway(set, texts)
	if err != nil {
		return nil, err
	}
	found = append(found, away...)
	slices.SortStableFunc(found, func(x, y RuleProblem) int { return cmp.Compare(x.Rules[0], y.Rules[0]) })
	return found, nil
}

// dead lists why one rule does nothing, or not all that it says.
func (b *Bench) dead(r *engine.Rule, queries []string, now time.Time) (found []RuleProblem, err error) {
	report := func(trouble rules.Trouble, subject string, dead bool) {
		found = append(found, RuleProblem{Trouble: trouble, Rules: []uint64{r.ID}, Subject: subject, Dead: dead})
	}
	if err := rules.Valid(r); err != nil {
		report(rules.NotValid, err.Error(), true)
		return found, nil
	}
	if !r.Until.IsZero() && !now.Before(r.Until) {
		report(rules.Over, r.Until.Format("2006-01-02"), true)
	}
	var gone []string
	for _, id := range r.Products {
		if _, known, err := b.store.Row(id); err != nil {
			return nil, err
		} else if !known {
			gone = append(gone, id)
		}
	}
	v := b.view.Load()
	filter := v.filterOf(rules.About{Filter: r.Filter, Words: r.Words})
	for _, id := range gone {
		report(rules.NoSuchProduct, id, len(gone) == len(r.Products) && len(filter) == 0)
	}
	if len(filter) > 0 {
		n, err := v.index.Count(filter)
		if err != nil {
			report(rules.BadField, err.Error(), len(r.Products) == 0)
		} else if n == 0 {
			report(rules.MatchesNone, "", len(r.Products) == 0)
		}
	}
	if len(queries) > 0 && !fitsAny(r, queries) {
		report(rules.NoQuery, "", false)
	}
	return found, nil
}

// fitsAny reports whether a rule, on at all times, does anything to one of the
// queries.
func fitsAny(r *engine.Rule, queries []string) bool {
	alone := r.Clone()
	alone.Off, alone.From, alone.Until = false, time.Time{}, time.Time{}
	ready, err := rules.New([]engine.Rule{alone})
	return err == nil && slices.ContainsFunc(queries, func(query string) bool {
		plan := ready.Plan(query, time.Time{})
		return len(plan.Applied) > 0
	})
}

// pinnedAway finds products that one rule pins and the filter of another keeps
// off the page.
func (b *Bench) pinnedAway(set *RuleSet, queries []string) (found []RuleProblem, err error) {
	v := b.view.Load()
	seen := map[string]bool{}
	for _, r := range set.Rules {
		if r.Kind == engine.PinRule {
			queries = append(slices.Clip(queries), slices.Concat(r.When.Queries, r.When.Has)...)
		}
	}
	for _, query := range queries {
		plan := set.plan(query)
		if len(plan.Pins) == 0 || len(plan.Keep)+len(plan.Hide) == 0 {
			continue
		}
		for _, rule := range plan.Applied {
			filter := v.filterOf(rules.About{Filter: rule.Filter, Words: rule.Words})
			if rule.Kind != engine.FilterRule && rule.Kind != engine.HideRule || len(filter) == 0 {
				continue
			}
			keeps, err := v.keeps(filter)
			if err != nil {
				continue // named as BadField
			}
			for _, pin := range plan.Pins {
				row, known, err := b.store.Row(pin.Product)
				if err != nil {
					return nil, err
				}
				key := fmt.Sprint(pin.Rule, rule.ID, pin.Product)
				if known && keeps(row) == (rule.Kind == engine.HideRule) && !seen[key] {
					seen[key] = true
					found = append(found, RuleProblem{Trouble: rules.PinnedAway, Rules: []uint64{pin.Rule, rule.ID}, Query: query, Subject: pin.Product})
				}
			}
		}
	}
	return found, nil
}

// RuleText says what a rule does in one line, for lists and logs.
func RuleText(r *engine.Rule) string {
	var s strings.Builder
	s.WriteString(string(r.Kind))
	switch {
	case len(r.Terms) > 1 && r.Kind == engine.SynonymRule:
		arrow := " = "
		if r.OneWay {
			arrow = " → "
		}
		fmt.Fprintf(&s, " %s%s%s", r.Terms[0], arrow, strings.Join(r.Terms[1:], ", "))
	case len(r.Terms) > 1 && r.Kind == engine.ReplaceRule:
		fmt.Fprintf(&s, " %s by %s", r.Terms[0], r.Terms[1])
	case len(r.Terms) == 1 && r.Kind == engine.ReplaceRule:
		fmt.Fprintf(&s, " %s by nothing", r.Terms[0])
	case r.Kind == engine.RedirectRule:
		fmt.Fprintf(&s, " to %s", r.URL)
	default:
		var about []string
		if len(r.Products) > 0 {
			about = append(about, strings.Join(r.Products, ", "))
		}
		for _, c := range r.Filter {
			about = append(about, c.Field+c.Op+c.Value)
		}
		if r.Words != "" {
			about = append(about, fmt.Sprintf("with “%s”", r.Words))
		}
		fmt.Fprintf(&s, " %s", strings.Join(about, ", "))
		if r.Kind == engine.PinRule {
			fmt.Fprintf(&s, " at %d", r.Position)
		}
		if r.By != 0 {
			fmt.Fprintf(&s, " by %g", r.By)
		}
	}
	var when []string
	for _, q := range r.When.Queries {
		when = append(when, fmt.Sprintf("on “%s”", q))
	}
	for _, q := range r.When.Has {
		when = append(when, fmt.Sprintf("on queries with “%s”", q))
	}
	if r.When.Pattern != "" {
		when = append(when, fmt.Sprintf("on queries like /%s/", r.When.Pattern))
	}
	if len(when) > 0 {
		s.WriteString(" " + strings.Join(when, " or "))
	}
	return s.String()
}
