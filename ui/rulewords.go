package ui

import (
	"fmt"
	"strconv"
	"strings"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/ui/locale"
)

// ruleKindNames are the kinds of rules as people call them.
var ruleKindNames = map[engine.RuleKind]string{
	engine.RedirectRule: locale.Mark("Redirect"), engine.ReplaceRule: locale.Mark("Replace words"), engine.SynonymRule: locale.Mark("Synonym"),
	engine.FilterRule: locale.Mark("Only show"), engine.HideRule: locale.Mark("Hide"), engine.BoostRule: locale.Mark("Boost"),
	engine.BuryRule: locale.Mark("Bury"), engine.PinRule: locale.Mark("Pin"),
}

// ruleAbout says what a rule does and when, without its kind.
func ruleAbout(r *engine.Rule) string {
	var parts []string
	for _, list := range [][]string{r.When.Queries, r.When.Has} {
		if len(list) > 0 {
			parts = append(parts, "“"+strings.Join(list, " | ")+"”")
		}
	}
	if r.When.Pattern != "" {
		parts = append(parts, "/"+r.When.Pattern+"/")
	}
	var does []string
	if len(r.Products) > 0 {
		does = append(does, strings.Join(r.Products, ", "))
	}
	for _, c := range r.Filter {
		does = append(does, c.Field+c.Op+c.Value)
	}
	if r.Words != "" {
		does = append(does, "“"+r.Words+"”")
	}
	if len(r.Terms) > 0 {
		arrow := " = "
		if r.OneWay || r.Kind == engine.ReplaceRule {
			arrow = " → "
		}
		does = append(does, strings.Join(r.Terms, arrow))
	}
	if r.URL != "" {
		does = append(does, r.URL)
	}
	switch {
	case r.Position > 0:
		does = append(does, "#"+strconv.Itoa(r.Position))
	case r.By > 0:
		does = append(does, "× "+strconv.FormatFloat(r.By, 'g', 3, 64))
	}
	if len(parts) == 0 {
		return strings.Join(does, ", ")
	}
	return strings.Join(parts, ", ") + " : " + strings.Join(does, ", ")
}

// problemText says what is wrong with rules.
func problemText(p workbench.RuleProblem) string {
	ids := make([]string, len(p.Rules))
	for i, id := range p.Rules {
		ids[i] = fmt.Sprint(id)
	}
	who := strings.Join(ids, ", ")
	switch p.Trouble {
	case workbench.SamePlace:
		return locale.T("Rules %s pin to the same place (%s) on “%s”: the older one gets it.", who, p.Subject, p.Query)
	case workbench.PinnedHidden:
		return locale.T("Rules %s: one pins %s and the other hides it, on “%s”.", who, p.Subject, p.Query)
	case workbench.LiftedBuried:
		return locale.T("Rules %s: one boosts %s and the other buries it, on “%s”.", who, p.Subject, p.Query)
	case workbench.TwoRedirects:
		return locale.T("Rules %s both redirect “%s”: only the older one counts.", who, p.Query)
	case workbench.TwoReplaces:
		return locale.T("Rules %s both replace “%s”: only the older one counts.", who, p.Subject)
	case workbench.SameTwice:
		return locale.T("Rules %s say the same.", who)
	case workbench.NoSuchProduct:
		return locale.T("Rule %s names the product %s, which the catalogue lacks.", who, p.Subject)
	case workbench.MatchesNone:
		return locale.T("Rule %s is about no product of the catalogue.", who)
	case workbench.NoQuery:
		return locale.T("Rule %s fits no query of the query set.", who)
	case workbench.RuleOver:
		return locale.T("Rule %s ended on %s.", who, p.Subject)
	case workbench.PinnedAway:
		return locale.T("Rules %s: one pins %s and the other filters it away, on “%s”.", who, p.Subject, p.Query)
	}
	return locale.T("Rule %s cannot be applied: %s", who, locale.Say(p.Subject))
}
