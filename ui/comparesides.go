package ui

import (
	"context"
	"slices"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/ui/locale"
	"touchstone/ui/widgets"
)

// sideName is one choice of A or B.
type sideName struct{ name, label string }

// slidersSide is the name of the weights that stand on the sliders of the Search
// place while they differ from the ranker in use and can be named.
func (c *compare) slidersSide() string {
	if s := c.sh.search; s != nil && s.draft != nil && s.draft.Kind == engine.Linear {
		return c.sh.bench.SlidersSide(s.draft)
	}
	return ""
}

// readNames lists what can be compared, and compares: what is in use against what
// was before it, or the sliders against it where they have just been moved.
func (c *compare) readNames() {
	sliders := c.slidersSide()
	moved := sliders != "" && sliders != c.sliders
	c.stale, c.sliders = false, sliders
	b := c.sh.bench
	c.sh.tasks.newest(&c.look, 0, func(context.Context) func() {
		choices, before, now, err := b.Sides()
		return func() {
			if err != nil {
				c.sh.notices.tell(failure(locale.T("The rankers were not read"), err))
				return
			}
			c.name(choices, now)
			a, other := c.chosenName(c.a), c.chosenName(c.b)
			if moved {
				a, other = now, sliders
			}
			c.set(c.a, a, before)
			c.set(c.b, other, now)
			c.compare()
		}
	})
}

// name lists the choices.
func (c *compare) name(choices []workbench.SideChoice, now string) {
	a, b := c.chosenName(c.a), c.chosenName(c.b)
	c.names = nil
	for _, choice := range choices {
		c.names = append(c.names, sideName{choice.Name, sideLabel(choice, now)})
	}
	if c.sliders != "" {
		c.names = slices.Insert(c.names, 1, sideName{c.sliders, locale.T("The sliders as they stand")})
	}
	labels := make([]string, len(c.names))
	for i, n := range c.names {
		labels[i] = n.label
	}
	c.a.Options, c.b.Options = labels, labels
	c.set(c.a, a, "")
	c.set(c.b, b, "")
}

// sideLabel is how a choice reads in the choosers.
func sideLabel(choice workbench.SideChoice, now string) string {
	switch {
	case choice.Name == now:
		return locale.T("In use: %s", choice.Of)
	case choice.Kind == workbench.SnapshotSide:
		return locale.T("Snapshot: %s", choice.Of)
	case choice.Name == "rules:"+workbench.NoRules:
		return locale.T("Without rules")
	case choice.Kind == workbench.RulesSide:
		return locale.T("Rules: %s", choice.Of)
	case choice.Kind == workbench.EngineSide:
		return locale.T("Engine: %s", choice.Of)
	case choice.Of == workbench.Shipped:
		return locale.T("Encoder: as shipped")
	case choice.Kind == workbench.EncoderSide:
		return locale.T("Encoder: %s", choice.Of)
	}
	if plain, ok := plainRankers[choice.Name]; ok {
		return locale.T(plain)
	}
	return choice.Of
}

// plainRankers are those that need no grades.
var plainRankers = map[string]string{
	"default": locale.Mark("First weights"), "bm25": locale.Mark("Words alone (BM25)"), "cosine": locale.Mark("Meaning alone (cosine)"),
}

func (c *compare) chosenName(s *widgets.Select) string {
	for _, n := range c.names {
		if n.label == s.Selected {
			return n.name
		}
	}
	return ""
}

// set selects a side by name, or else another one, without comparing yet.
func (c *compare) set(s *widgets.Select, name, other string) {
	label := ""
	for _, wanted := range []string{other, name} {
		for _, n := range c.names {
			if wanted != "" && n.name == wanted {
				label = n.label
			}
		}
	}
	s.Selected = label
	s.Refresh()
}

// compareWith takes what is in use as B and compares it with a side.
func (c *compare) compareWith(name string) {
	c.set(c.a, name, "")
	if len(c.names) > 0 {
		c.b.Selected = c.names[0].label
		c.b.Refresh()
	}
	c.view(viewCompare)
	c.compare()
}

func (c *compare) swap() {
	c.a.Selected, c.b.Selected = c.b.Selected, c.a.Selected
	c.a.Refresh()
	c.b.Refresh()
	c.compare()
}
