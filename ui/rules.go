package ui

import (
	"context"
	"fmt"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/engine"
	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

// rules is the place where rules are listed and written, each with its effect on
// the query set while it is typed.
type rules struct {
	sh            *shell
	kept          latest // of effects
	warm          latest // of the searches before the first effect
	look          latest // of problems
	content, side *fyne.Container
	list, wrong   *fyne.Container
	middle        *fyne.Container // the rules, or what stands where there are none
	listed        fyne.CanvasObject
	title         *widgets.Text
	kind          *widgets.Select
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

func newRules(sh *shell) *rules {
	r := &rules{sh: sh, stale: true, fields: map[string]*widget.Entry{}, rows: map[string]fyne.CanvasObject{}}
	r.list = container.New(layout.NewCustomPaddedVBoxLayout(0))
	r.wrong = container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap))
	r.title = widgets.NewText("", widgets.Style{Size: theme.SizeTitle, Bold: true})
	head := container.NewBorder(nil, nil, r.title, container.New(layout.NewCustomPaddedHBoxLayout(theme.Gap2),
		widgets.NewButton(locale.T("Import…"), widgets.Bordered, r.read),
		widgets.NewButton(locale.T("New rule"), widgets.Primary, r.begin)))
	r.listed = besideBar(container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap4), r.wrong, r.list))
	r.middle = container.NewStack(r.listed)
	r.content = container.New(layout.NewCustomPaddedLayout(theme.Gap4, theme.Gap4, theme.Gap5, theme.Gap5),
		container.NewBorder(container.New(layout.NewCustomPaddedLayout(0, theme.Gap4, 0, 0), head), nil, nil, nil, r.middle))
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
	r.kind = widgets.NewSelect(names, func(string) { r.changed() })
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
			form.Add(flush(r.oneWay))
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
	r.middle.Objects = []fyne.CanvasObject{r.listed}
	if len(set.Rules) == 0 {
		r.middle.Objects[0] = empty(locale.T("No rules yet"),
			locale.T("A rule pins, hides, boosts or buries products, or says what words mean. Write one at the right: its effect on all queries shows while you type."))
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
		widgets.NewButton(locale.T("Edit"), widgets.Quiet, func() { r.edit(id) }).AtRight())
}
