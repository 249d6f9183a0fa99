package ui

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

// effectWait is how long typing pauses before the effect of a rule is measured.
const effectWait = 150 * time.Millisecond

// ruleKindNames are the kinds of rules as people call them.
var ruleKindNames = map[engine.RuleKind]string{
	engine.RedirectRule: locale.Mark("Redirect"), engine.ReplaceRule: locale.Mark("Replace words"), engine.SynonymRule: locale.Mark("Synonym"),
	engine.FilterRule: locale.Mark("Only show"), engine.HideRule: locale.Mark("Hide"), engine.BoostRule: locale.Mark("Boost"),
	engine.BuryRule: locale.Mark("Bury"), engine.PinRule: locale.Mark("Pin"),
}

// rules is the place where rules are listed and written, each with its effect on
// the query set while it is typed.
type rules struct {
	sh            *shell
	kept          latest // of effects
	warm          latest // of the searches before the first effect
	look          latest // of problems
	content, side *fyne.Container
	list, wrong   *fyne.Container
	title         *widgets.Text
	kind          *widget.Select
	fields        map[string]*widget.Entry
	rows          map[string]fyne.CanvasObject
	oneWay        *widget.Check
	says          *widgets.Paragraph // what is wrong with the rule, or what it does
	effect        *fyne.Container
	keepIt        *widgets.Button
	removeIt      *widgets.Button
	flipIt        *widgets.Button

	draft   engine.Rule
	filling bool // the fields are being filled in by the program
	stale   bool
}

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

func newRules(sh *shell) *rules {
	r := &rules{sh: sh, stale: true, fields: map[string]*widget.Entry{}, rows: map[string]fyne.CanvasObject{}}
	r.list = container.New(layout.NewCustomPaddedVBoxLayout(0))
	r.wrong = container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap))
	r.title = widgets.NewText("", widgets.Style{Size: theme.SizeTitle, Bold: true})
	head := container.NewBorder(nil, nil, r.title, container.New(layout.NewCustomPaddedHBoxLayout(theme.Gap2),
		widgets.NewButton(locale.T("Import…"), widgets.Bordered, r.read),
		widgets.NewButton(locale.T("New rule"), widgets.Primary, r.begin)))
	body := container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap4), r.wrong, r.list)
	r.content = container.New(layout.NewCustomPaddedLayout(theme.Gap4, theme.Gap4, theme.Gap5, theme.Gap5),
		container.NewBorder(container.New(layout.NewCustomPaddedLayout(0, theme.Gap4, 0, 0), head), nil, nil, nil, container.NewVScroll(body)))
	r.build()
	r.begin()
	return r
}

// build makes the editor at the side.
func (r *rules) build() {
	var names []string
	for _, k := range engine.RuleKinds {
		names = append(names, locale.T(ruleKindNames[k]))
	}
	r.kind = widget.NewSelect(names, func(string) { r.changed() })
	r.oneWay = widget.NewCheck(locale.T("one way: the first finds the others"), func(bool) { r.changed() })
	form := container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap2))
	const label = 104
	form.Add(container.New(widgets.Columns{label, 0}, widgets.NewText(locale.T("Rule"), widgets.Style{}), r.kind))
	for _, f := range ruleFields {
		e := widget.NewEntry()
		e.SetPlaceHolder(locale.T(f.hint))
		e.OnChanged = func(string) { r.changed() }
		r.fields[f.id] = e
		r.rows[f.id] = container.New(widgets.Columns{label, 0}, widgets.NewText(locale.T(f.label), widgets.Style{Cut: true}), e)
		form.Add(r.rows[f.id])
		if f.id == "terms" {
			form.Add(r.oneWay)
		}
	}
	r.says = widgets.NewParagraph("", inspectorInner, widgets.Style{Colour: theme.ColorMuted})
	r.effect = container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap))
	r.keepIt = widgets.NewButton(locale.T("Keep the rule"), widgets.Primary, r.keep)
	r.flipIt = widgets.NewButton("", widgets.Bordered, r.flip)
	r.removeIt = widgets.NewButton(locale.T("Remove"), widgets.Bordered, r.remove)
	column := container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap4), form,
		container.New(widgets.Flow{Gap: theme.Gap2, Width: inspectorInner}, r.keepIt, r.flipIt, r.removeIt), r.says, r.effect)
	r.side = container.NewStack(sideColumn(column))
}

func (r *rules) enter() {
	if r.stale {
		r.reload()
		b := r.sh.bench
		r.sh.tasks.newest(&r.warm, 0, func(ctx context.Context) func() {
			if err := b.WarmRules(ctx, nil); err != nil && ctx.Err() == nil {
				return func() { r.sh.notices.tell(failure(locale.T("The queries were not searched"), err)) }
			}
			return nil
		})
	}
}

func (r *rules) leave() { r.kept.stop(); r.look.stop(); r.warm.stop() }

// reload lists the rules in use and what is wrong with them.
func (r *rules) reload() {
	r.stale = false
	set, err := r.sh.bench.RuleSet("")
	if err != nil {
		r.sh.notices.tell(failure(locale.T("The rules were not read"), err))
		return
	}
	r.title.SetText(locale.T("Rules: %s", set.Name))
	r.list.RemoveAll()
	for _, rule := range set.Rules {
		r.list.Add(container.New(layout.NewCustomPaddedLayout(theme.Gap, theme.Gap, 0, 0), r.row(&rule)))
		r.list.Add(widget.NewSeparator())
	}
	if len(set.Rules) == 0 {
		r.list.Add(widgets.NewParagraph(locale.T("No rules yet. A rule pins, hides, boosts or buries products, or says what words mean. Write one at the right: its effect on all queries shows while you type."), 520, widgets.Style{Colour: theme.ColorMuted}))
	}
	b := r.sh.bench
	r.sh.tasks.newest(&r.look, 0, func(context.Context) func() {
		problems, err := b.CheckRules(set)
		return func() {
			r.wrong.RemoveAll()
			if err != nil {
				r.sh.notices.tell(failure(locale.T("The rules were not checked"), err))
			}
			for _, p := range problems {
				r.wrong.Add(widgets.NewParagraph(problemText(p), 560, widgets.Style{Colour: theme.ColorFall}))
			}
			r.content.Refresh()
		}
	})
	r.content.Refresh()
}

// row is one rule of the list, which opens it.
func (r *rules) row(rule *engine.Rule) fyne.CanvasObject {
	id := rule.ID
	state, colour := "", theme.ColorMuted
	switch now := time.Now(); {
	case rule.Off:
		state = locale.T("off")
	case !rule.Acts(now) && now.Before(rule.From):
		state = locale.T("from %s", rule.From.Format(time.DateOnly))
	case !rule.Acts(now):
		state, colour = locale.T("over"), theme.ColorFall
	case !rule.Until.IsZero():
		state = locale.T("until %s", rule.Until.Format(time.DateOnly))
	}
	who := rule.Author
	if rule.Note != "" {
		who += " · " + rule.Note
	}
	return container.New(widgets.Columns{36, 110, 0, 110, 60},
		widgets.NewText(fmt.Sprint(id), widgets.Style{Colour: theme.ColorMuted, Align: fyne.TextAlignTrailing}),
		widgets.NewText(locale.T(ruleKindNames[rule.Kind]), widgets.Style{Bold: true}),
		container.New(layout.NewCustomPaddedVBoxLayout(0), widgets.NewText(ruleAbout(rule), widgets.Style{Cut: true}),
			widgets.NewText(who, widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted, Cut: true})),
		widgets.NewText(state, widgets.Style{Colour: colour}),
		widgets.NewButton(locale.T("Edit"), widgets.Quiet, func() { r.edit(id) }))
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

// begin empties the editor for a new rule.
func (r *rules) begin() { r.fill(engine.Rule{Kind: engine.BoostRule, By: 0.5, Position: 1}) }

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
	enable(r.removeIt, r.draft.ID != 0)
	enable(r.flipIt, r.draft.ID != 0)
	r.flipIt.SetLabel(locale.T("Switch off"))
	if r.draft.Off {
		r.flipIt.SetLabel(locale.T("Switch on"))
	}
	rule, err := r.rule()
	enable(r.keepIt, err == nil)
	r.effect.RemoveAll()
	if err != nil {
		r.kept.stop()
		r.says.SetText(locale.Say(err.Error()))
		r.side.Refresh()
		return
	}
	r.measure(rule)
	r.side.Refresh()
}

// measure says what a rule would do to the query set.
func (r *rules) measure(rule engine.Rule) {
	b := r.sh.bench
	r.says.SetText(locale.T("Measuring the effect…"))
	r.sh.tasks.newest(&r.kept, effectWait, func(ctx context.Context) func() {
		after, err := b.DraftRules(nil, rule)
		var e *workbench.RuleEffect
		if err == nil {
			e, err = b.RuleEffect(ctx, nil, after, nil)
		}
		return func() {
			if err != nil {
				r.says.SetText(locale.Say(err.Error()))
			} else {
				r.showEffect(e)
			}
			r.side.Refresh()
		}
	})
}

const effectsListed = 12

func (r *rules) showEffect(e *workbench.RuleEffect) {
	r.effect.RemoveAll()
	text := locale.T("%d of %d queries are affected; %d first pages change.", e.Affected, e.Queries, len(e.Changed))
	if e.Judged > 0 {
		text += " " + locale.T("NDCG@10 %s → %s over %d judged queries.", number(e.Before, 3), number(e.After, 3), e.Judged)
	}
	r.says.SetText(text)
	muted := widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted}
	for _, q := range e.Changed[:min(len(e.Changed), effectsListed)] {
		delta := widgets.NewDelta()
		if q.Judged {
			delta.Set(q.After-q.Before, signed(q.After-q.Before, 3))
		} else {
			delta.Set(0, "")
		}
		r.effect.Add(container.NewBorder(nil, nil, nil, delta, widgets.NewText(q.Query, widgets.Style{Bold: true, Cut: true})))
		for _, gone := range []struct {
			text     string
			products []engine.Product
		}{{locale.T("leaves:"), q.Left}, {locale.T("comes:"), q.Came}} {
			var titles []string
			for _, p := range gone.products {
				titles = append(titles, shortened(p.Title, 40))
			}
			if len(titles) > 0 {
				r.effect.Add(widgets.NewParagraph(gone.text+" "+strings.Join(titles, " · "), inspectorInner, muted))
			}
		}
	}
	if more := len(e.Changed) - effectsListed; more > 0 {
		r.effect.Add(widgets.NewText(locale.T("… and %d more", more), muted))
	}
}

// change does something to the rules, in order, and lists them again.
func (r *rules) change(failed string, do func() error, then func()) {
	r.sh.tasks.inOrder(func() func() {
		err := do()
		return func() {
			if err != nil {
				r.sh.notices.tell(failure(failed, err))
				return
			}
			then()
			r.reload()
			if r.sh.search != nil {
				r.sh.search.refresh()
			}
		}
	})
}

// keep stores the rule of the editor.
func (r *rules) keep() {
	rule, err := r.rule()
	if err != nil {
		r.says.SetText(locale.Say(err.Error()))
		return
	}
	r.store(rule)
}

func (r *rules) store(rule engine.Rule) {
	b := r.sh.bench
	var stored []engine.Rule
	r.change(locale.T("The rule was not kept"), func() (err error) {
		stored, err = b.PutRules(rule)
		return err
	}, func() {
		r.fill(stored[0])
		r.sh.notices.tell(notice{text: locale.T("Rule %d is kept, and works from now on.", stored[0].ID), action: locale.T("Undo"), do: r.undo})
	})
}

// flip switches the rule off, or on again.
func (r *rules) flip() {
	rule, err := r.rule()
	if err != nil || rule.ID == 0 {
		return
	}
	rule.Off = !rule.Off
	r.store(rule)
}

// remove takes the rule of the editor out.
func (r *rules) remove() {
	b, id := r.sh.bench, r.draft.ID
	if id == 0 {
		return
	}
	r.change(locale.T("The rule was not removed"), func() error { return b.RemoveRules(id) }, func() {
		r.begin()
		r.sh.notices.tell(notice{text: locale.T("Rule %d is removed.", id), action: locale.T("Undo"), do: r.undo})
	})
}

// undo takes back the newest change of rules.
func (r *rules) undo() {
	b := r.sh.bench
	found := false
	r.change(locale.T("Nothing was taken back"), func() (err error) {
		_, found, err = b.UndoRules()
		return err
	}, func() {
		r.begin()
		if !found {
			r.sh.notices.tell(notice{text: locale.T("There is no change of rules to take back.")})
		}
	})
}

// read imports a file of rules.
func (r *rules) read() {
	b := r.sh.bench
	r.sh.files.open([]string{".txt", ".json", ".csv", ".tsv", ".xlsx"}, func(path string) {
		var report *workbench.RuleImport
		r.change(locale.T("The rules were not imported"), func() (err error) {
			report, err = b.ImportRules(context.Background(), path, "")
			return err
		}, func() {
			n := notice{text: locale.T("%d rules were added, %d were known, %d could not be read.", len(report.Added), report.Known, report.Skipped)}
			if len(report.Problems) > 0 {
				n.action, n.do = locale.T("Show them"), func() { r.sh.files.problems(workspaceName(path), report.Problems) }
			}
			r.sh.notices.tell(n)
		})
	})
}

// write exports the rules in use.
func (r *rules) write(format, name string) {
	b := r.sh.bench
	r.sh.files.save(name, func(path string) {
		var notes []string
		r.change(locale.T("The rules were not exported"), func() (err error) {
			notes, err = b.ExportRules(nil, format, path)
			return err
		}, func() {
			text := locale.T("The rules are in %s.", path)
			for _, note := range notes {
				text += " " + locale.Say(note) + "."
			}
			r.sh.notices.tell(notice{text: text})
		})
	})
}
