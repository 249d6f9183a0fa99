package ui

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"touchstone/engine/workbench"
	"touchstone/ui/locale"
)

// parts are the names that a side's name is made of.
func (c *splitColumn) parts() func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for part := range strings.SplitSeq(c.name, "+") {
			if part != "" && !yield(part) {
				return
			}
		}
	}
}

// part is what of the side's name is of some kinds; "" for none.
func (c *splitColumn) part(kinds ...workbench.SideKind) string {
	for part := range c.parts() {
		if choice := c.of.choice(part); choice != nil && slices.Contains(kinds, choice.Kind) {
			return part
		}
	}
	return ""
}

// The kinds of what a column can be given, each independently of the others.
var (
	rankingKinds = []workbench.SideKind{workbench.RankerSide, workbench.EngineSide}
	rulesKinds   = []workbench.SideKind{workbench.RulesSide}
	encoderKinds = []workbench.SideKind{workbench.EncoderSide}
)

// with is the side's name with another part of one kind; "" takes it out.
func (c *splitColumn) with(kinds []workbench.SideKind, part string) string {
	var parts []string
	for _, each := range [][]workbench.SideKind{rankingKinds, rulesKinds, encoderKinds} {
		own := c.part(each...)
		if each[0] == kinds[0] {
			own = part
		}
		if own != "" {
			parts = append(parts, own)
		}
	}
	return strings.Join(parts, "+")
}

// label is how the column is called.
func (c *splitColumn) label() string {
	labels := []string{locale.T("As on the sliders")}
	for part := range c.parts() {
		choice := c.of.choice(part)
		switch {
		case choice == nil:
			labels = append(labels, part)
		case slices.Contains(rankingKinds, choice.Kind):
			labels[0] = sideLabel(*choice, c.of.now)
		default:
			labels = append(labels, sideLabel(*choice, c.of.now))
		}
	}
	return strings.Join(labels, " · ")
}

// menu lists what the column can be given.
func (c *splitColumn) menu() []*fyne.MenuItem {
	own := func(label string, kinds []workbench.SideKind, name string) *fyne.MenuItem {
		return item(label, c.part(kinds...) == name, func() { c.of.choose(c, c.with(kinds, name)) })
	}
	list := func(usual string, kinds []workbench.SideKind) []*fyne.MenuItem {
		items := []*fyne.MenuItem{own(usual, kinds, "")}
		for _, choice := range c.of.choices {
			if slices.Contains(kinds, choice.Kind) {
				items = append(items, own(sideLabel(choice, c.of.now), kinds, choice.Name))
			}
		}
		return items
	}
	items := list(locale.T("As on the sliders"), rankingKinds)
	below := func(name, usual string, kinds []workbench.SideKind) {
		if values := list(usual, kinds); len(values) > 1 {
			i := item(name, c.part(kinds...) != "", nil)
			i.ChildMenu = fyne.NewMenu("", values...)
			items = append(items, i)
		}
	}
	items = append(items, fyne.NewMenuItemSeparator())
	below(locale.T("Rules"), locale.T("The rules in use"), rulesKinds)
	below(locale.T("Encoder"), locale.T("The encoder in use"), encoderKinds)
	return append(items, fyne.NewMenuItemSeparator(), item(locale.T("Swap A and B"), false, c.of.swap), item(locale.T("One ranking again"), false, c.of.toggle))
}
