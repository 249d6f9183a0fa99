package ui

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

// effectWait is how long typing pauses before the effect of a rule is measured.
const effectWait = 150 * time.Millisecond

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
				r.says.SetText(capital(locale.Say(err.Error())))
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
	text := locale.T("%d of %d queries are affected; %s.", e.Affected, e.Queries,
		locale.N(len(e.Changed), "%d first page changes", "%d first pages change"))
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
