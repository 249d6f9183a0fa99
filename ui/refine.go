package ui

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

// refine is what a search is narrowed to: values of fields, an order, a shopper.
// It stays while queries are typed.
type refine struct {
	s       *search
	chosen  []choice                // one a field
	choices map[string]engine.Facet // by field, as counted without a choice of that field
	order   []string                // of the fields, as they were counted
	sort    workbench.Sort
	shopper string // "" is nobody

	field, price, more, shop *widgets.Chip
	beside                   *widgets.Chip // two rankings side by side
	opening                  latest        // of a menu below one of them
}

// choice is the value that one field is narrowed to.
type choice struct {
	field string
	value engine.FacetValue
}

func newRefine(s *search) *refine {
	r := &refine{s: s, choices: map[string]engine.Facet{}}
	r.field = widgets.NewChip("", func() { r.openField(r.first()) })
	r.price = widgets.NewChip("", func() { r.openField(string(engine.RolePrice)) })
	r.more = widgets.NewChip("", r.openMore)
	r.shop = widgets.NewChip("", r.openShop)
	r.beside = widgets.NewChip("", s.toggleSplit)
	r.show()
	return r
}

// filter is the conditions of all choices.
func (r *refine) filter() engine.Filter { return r.filterBut("") }

// filterBut is the conditions of all choices but that of one field.
func (r *refine) filterBut(field string) engine.Filter {
	var f engine.Filter
	for _, c := range r.chosen {
		if c.field != field {
			f = append(f, c.value.Filter...)
		}
	}
	return f
}

// set is whether anything is narrowed.
func (r *refine) set() bool { return len(r.chosen) > 0 || r.sort != "" || r.shopper != "" }

// learn keeps what a page counted.
func (r *refine) learn(facets []engine.Facet) {
	order := r.order
	r.order = nil
	for _, f := range facets {
		if r.at(f.Field) < 0 {
			r.choices[f.Field] = f
		}
		r.order = append(r.order, f.Field)
	}
	for _, field := range order { // narrowed to one value it is no facet any more
		if r.at(field) >= 0 && !slices.Contains(r.order, field) {
			r.order = append(r.order, field)
		}
	}
	r.show()
}

func (r *refine) at(field string) int {
	return slices.IndexFunc(r.chosen, func(c choice) bool { return c.field == field })
}

// first is the field of the first chip: the category, or the brand where the
// products have none.
func (r *refine) first() string {
	if slices.Contains(r.order, string(engine.RoleCategory)) || !slices.Contains(r.order, string(engine.RoleBrand)) {
		return string(engine.RoleCategory)
	}
	return string(engine.RoleBrand)
}

func (r *refine) show() {
	set := func(chip *widgets.Chip, field string) {
		value := locale.T("any")
		at := r.at(field)
		if at >= 0 {
			value = shorten(r.chosen[at].value.Value)
		}
		chip.Set(fieldName(field), value, at >= 0)
	}
	set(r.field, r.first())
	set(r.price, string(engine.RolePrice))
	others := 0
	for _, c := range r.chosen {
		if c.field != r.first() && c.field != string(engine.RolePrice) {
			others++
		}
	}
	if r.sort != "" {
		others++
	}
	value := ""
	if others > 0 {
		value = fmt.Sprint(others)
	}
	r.more.Set(locale.T("More"), value, others > 0)
	nobody := locale.T("nobody")
	if r.shopper != "" {
		nobody = shorten(r.shopper)
	}
	r.shop.Set(locale.T("Shop as"), nobody, r.shopper != "")
	r.beside.Set(locale.Name("A | B"), "", r.s.panes().split)
}

// shorten keeps a value short enough for a chip.
func shorten(text string) string {
	if r := []rune(text); len(r) > 18 {
		return string(r[:17]) + "…"
	}
	return text
}

// fieldName is what a field is called on screen: a role's name in the present
// language, an attribute's as the catalogue has it.
func fieldName(field string) string {
	if name, ok := roleNames[engine.Role(field)]; ok {
		return locale.T(name)
	}
	return field
}

// chips are the controls, in their order.
func (r *refine) chips() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.field, r.price, r.more, r.shop, r.beside}
}

// choose narrows a field to a value; nil takes the choice away.
func (r *refine) choose(field string, v *engine.FacetValue) {
	if at := r.at(field); at >= 0 {
		r.chosen = slices.Delete(r.chosen, at, at+1)
	}
	if v != nil {
		r.chosen = append(r.chosen, choice{field, *v})
	}
	r.changed()
}

func (r *refine) sortBy(by workbench.Sort) {
	r.sort = by
	r.changed()
}

// shopAs searches as a shopper, or shows their front page while no query is typed.
func (r *refine) shopAs(name string) {
	r.shopper = name
	r.changed()
	if r.s.query == "" {
		r.s.showFront()
	}
}

// clear takes every choice away.
func (r *refine) clear() {
	r.chosen, r.sort, r.shopper = nil, "", ""
	r.changed()
}

func (r *refine) changed() {
	r.show()
	r.s.again()
}

// menu opens a menu below a chip.
func (r *refine) menu(chip *widgets.Chip, items ...*fyne.MenuItem) {
	pop := widget.NewPopUpMenu(fyne.NewMenu("", items...), r.s.canvas)
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(chip)
	pop.ShowAtPosition(at.AddXY(0, chip.Size().Height+theme.Gap))
	pop.Resize(pop.MinSize().AddWidthHeight(theme.Gap3, 0)) // the toolkit leaves nothing at the right where there are ticks
}

func item(label string, on bool, run func()) *fyne.MenuItem {
	i := fyne.NewMenuItem(label, run)
	i.Checked = on
	return i
}

// values lists what a field can be narrowed to.
func (r *refine) values(field string) []*fyne.MenuItem {
	at := r.at(field)
	items := []*fyne.MenuItem{item(locale.T("any"), at < 0, func() { r.choose(field, nil) })}
	for _, v := range r.choices[field].Values {
		on := at >= 0 && r.chosen[at].value.Value == v.Value
		items = append(items, item(locale.T("%s · %d", v.Value, v.Count), on, func() { r.choose(field, &v) }))
	}
	return items
}

func (r *refine) openField(field string) {
	chip := r.field
	if field == string(engine.RolePrice) {
		chip = r.price
	}
	r.recount([]string{field}, func() { r.menu(chip, r.values(field)...) })
}

// recount counts again what those of some fields that are narrowed could be
// narrowed to instead, with the present query and the other choices, and then goes
// on. The other fields' counts came with the page.
func (r *refine) recount(fields []string, then func()) {
	fields = slices.DeleteFunc(slices.Clone(fields), func(field string) bool { return r.at(field) < 0 })
	if len(fields) == 0 || r.s.query == "" {
		then()
		return
	}
	requests := make([]workbench.SearchRequest, len(fields))
	for i, field := range fields {
		requests[i] = r.s.request()
		requests[i].K, requests[i].Facets, requests[i].Filter = 1, true, r.filterBut(field)
	}
	b := r.s.bench
	r.s.tasks.newest(&r.opening, 0, func(ctx context.Context) func() {
		counted := map[string]engine.Facet{}
		var failed error
		for i, field := range fields {
			page, err := b.Search(ctx, requests[i])
			if err != nil {
				failed = err
				break
			}
			if at := slices.IndexFunc(page.Facets, func(f engine.Facet) bool { return f.Field == field }); at >= 0 {
				counted[field] = page.Facets[at]
			}
		}
		return func() {
			if failed != nil {
				r.s.tell(failure(locale.T("The values of the filters could not be counted"), failed))
				return
			}
			maps.Copy(r.choices, counted)
			then()
		}
	})
}

// sorts are the orders, with what to call them.
var sorts = []struct {
	by   workbench.Sort
	name string
}{
	{"", locale.Mark("Best first")},
	{workbench.ByPrice, locale.Mark("Cheapest first")},
	{workbench.ByPriceDown, locale.Mark("Dearest first")},
	{workbench.ByDateDown, locale.Mark("Newest first")},
	{workbench.ByRatingDown, locale.Mark("Best rated first")},
}

func (r *refine) openMore() { r.recount(r.order, r.showMore) }

func (r *refine) showMore() {
	var items []*fyne.MenuItem
	for _, field := range r.order {
		if field == r.first() || field == string(engine.RolePrice) {
			continue
		}
		i := item(fieldName(field), r.at(field) >= 0, nil)
		i.ChildMenu = fyne.NewMenu("", r.values(field)...)
		items = append(items, i)
	}
	if len(items) > 0 {
		items = append(items, fyne.NewMenuItemSeparator())
	}
	for _, s := range sorts {
		items = append(items, item(locale.T(s.name), r.sort == s.by, func() { r.sortBy(s.by) }))
	}
	if r.set() {
		items = append(items, fyne.NewMenuItemSeparator(), item(locale.T("Take every choice away"), false, r.clear))
	}
	r.menu(r.more, items...)
}

// shoppersListed is how many shoppers a menu names.
const shoppersListed = 40

// openShop asks for the shoppers and lists them.
func (r *refine) openShop() {
	b := r.s.bench
	r.s.tasks.newest(&r.opening, 0, func(context.Context) func() {
		names, err := b.Profiles()
		return func() {
			if err != nil {
				r.s.tell(failure(locale.T("The shoppers were not read"), err))
				return
			}
			items := []*fyne.MenuItem{item(locale.T("nobody"), r.shopper == "", func() { r.shopAs("") })}
			for _, name := range names[:min(len(names), shoppersListed)] {
				items = append(items, item(name, r.shopper == name, func() { r.shopAs(name) }))
			}
			if len(names) == 0 {
				none := item(locale.T("No shoppers are known yet: import what they did"), false, nil)
				none.Disabled = true
				items = append(items, none)
			}
			items = append(items, fyne.NewMenuItemSeparator(), item(locale.T("Front page of the shopper"), false, r.s.showFront))
			r.menu(r.shop, items...)
		}
	})
}

// chipStrip lays the controls side by side behind what says how the query was
// read; of that, what finds no room is left out.
type chipStrip struct{ controls int }

// Layout implements fyne.Layout.
func (l *chipStrip) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	room := size.Width
	for _, o := range objects[len(objects)-l.controls:] {
		room -= o.MinSize().Width + theme.Gap2
	}
	x := float32(0)
	for i, o := range objects {
		min := o.MinSize()
		told := i < len(objects)-l.controls
		if told && x+min.Width > room {
			o.Resize(fyne.NewSize(0, 0))
			o.Hide()
			continue
		}
		o.Show()
		o.Move(fyne.NewPos(x, (size.Height-min.Height)/2))
		o.Resize(min)
		x += min.Width + theme.Gap2
	}
}

// MinSize implements fyne.Layout.
func (l *chipStrip) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := fyne.NewSize(0, 0)
	for i, o := range objects {
		min := o.MinSize()
		size.Height = max(size.Height, min.Height)
		if i >= len(objects)-l.controls {
			size.Width += min.Width + theme.Gap2
		}
	}
	return size
}

// besideChips puts a text at the right of the chips, where there is room for it.
type besideChips struct{}

// Layout implements fyne.Layout.
func (besideChips) Layout(o []fyne.CanvasObject, size fyne.Size) {
	text := o[1].MinSize()
	o[1].Show()
	if o[0].MinSize().Width+theme.Gap2+text.Width > size.Width {
		o[1].Hide()
		text.Width = -theme.Gap2
	}
	// The chips stand where they stood: to move a container has the window drawn
	// once more, and the toolkit lays out anew while it draws other chips.
	o[0].Resize(fyne.NewSize(size.Width-text.Width-theme.Gap2, size.Height))
	o[1].Move(fyne.NewPos(size.Width-text.Width, (size.Height-text.Height)/2))
	o[1].Resize(text)
}

// MinSize implements fyne.Layout.
func (besideChips) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(o[0].MinSize().Width, max(o[0].MinSize().Height, o[1].MinSize().Height))
}
