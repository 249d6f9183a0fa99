package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"

	"touchstone/engine"
	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

const (
	chipTerms       = 12 // terms that one chip names; a pasted page has thousands
	redirectLetters = 60 // of the page that a rule sends shoppers to
)

// told says what became of a query: the terms that are matched, the terms that
// were added and why, the words that were dropped. Pressed, it says more.
func (s *search) told(a *engine.Analysis) []fyne.CanvasObject {
	var typed []string
	added := map[string][]string{}
	var reasons []string
	for _, t := range a.Terms {
		switch {
		case t.Part:
		case t.Added != "":
			if added[t.Added] == nil {
				reasons = append(reasons, t.Added)
			}
			added[t.Added] = append(added[t.Added], t.Text)
		default:
			typed = append(typed, t.Text)
		}
	}
	var out []fyne.CanvasObject
	if len(typed) > 0 {
		out = append(out, widgets.NewChip(list(typed), s.reading.toggle))
	}
	for _, why := range reasons {
		out = append(out, chip("+ "+list(added[why])+" · "+locale.Say(why)))
	}
	if len(a.Dropped) > 0 {
		out = append(out, chip(locale.T("without %s", list(a.Dropped))))
	}
	return out
}

// showRedirect says that shoppers do not come to see the page: a rule sends them
// to another. Pressed, it leads to the rule. It has a line of its own, for chips
// that find no room are left out.
func (s *search) showRedirect() {
	s.redirect.RemoveAll()
	if s.page != nil {
		for i := range s.page.Rules {
			if r := &s.page.Rules[i]; r.Kind == engine.RedirectRule && r.URL == s.page.Redirect {
				s.redirect.Add(widgets.NewChip(locale.T("A rule sends shoppers to %s", shortened(r.URL, redirectLetters)), func() { s.toRule(r.ID) }))
			}
		}
	}
	s.redirect.Hidden = len(s.redirect.Objects) == 0
}

func list(terms []string) string {
	if len(terms) > chipTerms {
		return strings.Join(terms[:chipTerms], " · ") + " …"
	}
	return strings.Join(terms, " · ")
}

func chip(text string) fyne.CanvasObject {
	return widgets.NewPanel(
		widgets.Surface{Fill: theme.ColorSurface, Stroke: fynetheme.ColorNameInputBorder, Radius: 10, Across: 10, Down: 2},
		widgets.NewText(text, widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted}),
	)
}
