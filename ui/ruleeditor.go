package ui

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/ui/locale"
)

// The fields of a rule, in their order, and the kinds that have them.
var ruleFields = []struct {
	id, label, hint string
	kinds           []engine.RuleKind // nil is all
}{
	{"queries", locale.Mark("On the queries"), locale.Name("usb hub | docking station"), nil},
	{"has", locale.Mark("On queries with"), locale.Name("hub"), nil},
	{"pattern", locale.Mark("On queries like"), locale.Name("^usb .* hub$"), nil},
	{"products", locale.Mark("These products"), locale.Mark("numbers, | between them"), []engine.RuleKind{engine.PinRule, engine.HideRule, engine.BoostRule, engine.BuryRule}},
	{"filter", locale.Mark("Products with"), locale.Name("brand=Sony, price<100"), []engine.RuleKind{engine.FilterRule, engine.HideRule, engine.BoostRule, engine.BuryRule}},
	{"words", locale.Mark("Products saying"), locale.Name("powered"), []engine.RuleKind{engine.FilterRule, engine.HideRule, engine.BoostRule, engine.BuryRule}},
	{"position", locale.Mark("At place"), locale.Name("1"), []engine.RuleKind{engine.PinRule}},
	{"by", locale.Mark("By"), locale.Mark("0.5; 1 is from last to first"), []engine.RuleKind{engine.BoostRule, engine.BuryRule}},
	{"terms", locale.Mark("Words"), locale.Name("tv | television"), []engine.RuleKind{engine.SynonymRule, engine.ReplaceRule}},
	{"url", locale.Mark("To the page"), locale.Name("https://…"), []engine.RuleKind{engine.RedirectRule}},
	{"from", locale.Mark("From"), locale.Name("2026-12-01"), nil},
	{"until", locale.Mark("Until"), locale.Name("2026-12-24"), nil},
	{"note", locale.Mark("Note"), locale.Mark("why"), nil},
}

// begin empties the editor for a new rule.
func (r *rules) begin() { r.fill(engine.Rule{Kind: engine.BoostRule, By: 0.5, Position: 1}) }

// beginAt begins a rule for a query: one that pins a product of its page, or,
// where none is named, one that says what else the words mean.
func (r *rules) beginAt(query, product string) {
	if product == "" {
		r.fill(engine.Rule{Kind: engine.SynonymRule, By: 0.5, Position: 1, Terms: []string{query}})
		return
	}
	r.fill(engine.Rule{Kind: engine.PinRule, By: 0.5, Position: 1, When: engine.When{Queries: []string{query}}, Products: []string{product}})
}

// edit brings a rule into the editor.
func (r *rules) edit(id uint64) {
	set, err := r.sh.bench.RuleSet("")
	if err != nil {
		r.sh.notices.tell(failure(locale.T("The rules were not read"), err))
		return
	}
	if i := slices.IndexFunc(set.Rules, func(o engine.Rule) bool { return o.ID == id }); i >= 0 {
		r.fill(set.Rules[i].Clone())
	}
}

// fill shows a rule in the editor.
func (r *rules) fill(rule engine.Rule) {
	r.filling = true
	r.draft = rule
	r.kind.SetSelectedIndex(slices.Index(engine.RuleKinds, rule.Kind))
	day := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.Format(time.DateOnly)
	}
	var filter []string
	for _, c := range rule.Filter {
		filter = append(filter, c.Field+c.Op+c.Value)
	}
	for id, text := range map[string]string{
		"queries": strings.Join(rule.When.Queries, " | "), "has": strings.Join(rule.When.Has, " | "), "pattern": rule.When.Pattern,
		"products": strings.Join(rule.Products, " | "), "filter": strings.Join(filter, ", "), "words": rule.Words,
		"position": strconv.Itoa(max(1, rule.Position)), "by": strconv.FormatFloat(max(rule.By, 0), 'g', 4, 64),
		"terms": strings.Join(rule.Terms, " | "), "url": rule.URL, "from": day(rule.From), "until": day(rule.Until), "note": rule.Note,
	} {
		r.fields[id].SetText(text)
	}
	r.oneWay.SetChecked(rule.OneWay)
	r.filling = false
	r.changed()
}

// rule is the rule as it stands in the editor.
func (r *rules) rule() (engine.Rule, error) {
	text := func(id string) string { return strings.TrimSpace(r.fields[id].Text) }
	list := func(id string) (out []string) {
		for part := range strings.SplitSeq(text(id), "|") {
			if part = strings.TrimSpace(part); part != "" {
				out = append(out, part)
			}
		}
		return out
	}
	kind := engine.RuleKinds[max(0, r.kind.SelectedIndex())]
	has := func(id string) bool {
		for _, f := range ruleFields {
			if f.id == id {
				return f.kinds == nil || slices.Contains(f.kinds, kind)
			}
		}
		return false
	}
	rule := engine.Rule{ID: r.draft.ID, Set: r.draft.Set, Kind: kind, Author: r.draft.Author, Off: r.draft.Off, Note: text("note"),
		When: engine.When{Queries: list("queries"), Has: list("has"), Pattern: text("pattern")}}
	var err error
	keep := func(failed error) {
		if err == nil {
			err = failed
		}
	}
	if has("products") {
		rule.Products = list("products")
	}
	if has("filter") {
		filter, failed := workbench.ParseFilter(text("filter"))
		rule.Filter = filter
		keep(failed)
	}
	if has("words") {
		rule.Words = text("words")
	}
	if has("position") {
		position, failed := strconv.Atoi(text("position"))
		rule.Position = position
		if failed != nil {
			keep(fmt.Errorf("%q is no place such as 1", text("position")))
		}
	}
	if has("by") {
		by, failed := strconv.ParseFloat(text("by"), 64)
		rule.By = by
		if failed != nil {
			keep(fmt.Errorf("%q is no number such as 0.5", text("by")))
		}
	}
	if has("terms") {
		rule.Terms, rule.OneWay = list("terms"), r.oneWay.Checked && kind == engine.SynonymRule
	}
	if has("url") {
		rule.URL = text("url")
	}
	for id, into := range map[string]*time.Time{"from": &rule.From, "until": &rule.Until} {
		if text(id) != "" {
			t, failed := time.Parse(time.DateOnly, text(id))
			*into = t
			if failed != nil {
				keep(fmt.Errorf("%q is no day such as 2026-12-31", text(id)))
			}
		}
	}
	if err == nil {
		err = workbench.ValidRule(&rule)
	}
	return rule, err
}

// changed shows which fields the kind has, and measures the effect of what stands
// there.
func (r *rules) changed() {
	if r.filling {
		return
	}
	kind := engine.RuleKinds[max(0, r.kind.SelectedIndex())]
	for _, f := range ruleFields {
		if f.kinds == nil || slices.Contains(f.kinds, kind) {
			r.rows[f.id].Show()
		} else {
			r.rows[f.id].Hide()
		}
	}
	r.oneWay.Hidden = kind != engine.SynonymRule
	r.removeIt.SetEnabled(r.draft.ID != 0)
	r.flipIt.SetEnabled(r.draft.ID != 0)
	r.flipIt.SetLabel(locale.T("Switch off"))
	if r.draft.Off {
		r.flipIt.SetLabel(locale.T("Switch on"))
	}
	rule, err := r.rule()
	r.keepIt.SetEnabled(err == nil)
	r.effect.RemoveAll()
	if err != nil {
		r.kept.stop()
		r.says.SetText(capital(locale.Say(err.Error())))
		r.side.Refresh()
		return
	}
	r.measure(rule)
	r.side.Refresh()
}
