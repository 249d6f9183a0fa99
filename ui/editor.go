package ui

import (
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

// editedRoles are the fields of a product that can be typed, in their order.
var editedRoles = []engine.Role{engine.RoleTitle, engine.RoleBrand, engine.RoleCategory, engine.RoleDescription,
	engine.RolePrice, engine.RoleRating, engine.RolePopularity, engine.RoleDate, engine.RoleImage}

// attributesEdited is how many attributes of a product can be typed.
const attributesEdited = 60

// editor is the fields of one product, to be typed.
type editor struct {
	product func() *engine.Product // nil for none
	save    func(engine.Product)
	failed  func(error) // what was typed cannot be saved

	form    *fyne.Container
	of      *engine.Product // as it was when its fields were filled in
	fields  []string        // names, a role or an attribute
	entries []*sheetField

	saves, reverts *widgets.Button
}

func newEditor(product func() *engine.Product, save func(engine.Product)) *editor {
	e := &editor{product: product, save: save, form: container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap2))}
	e.saves = widgets.NewButton(locale.T("Save"), widgets.Primary, e.store)
	e.reverts = widgets.NewButton(locale.T("Revert"), widgets.Bordered, func() { e.fill(e.of) })
	return e
}

// show fills the fields in, if it is another product or it was changed. It says
// whether there is one.
func (e *editor) show() bool {
	p := e.product()
	if p == nil {
		e.of = nil
		return false
	}
	if e.of == nil || e.of.ID != p.ID || !e.dirty() {
		copied := *p
		copied.Attributes = slices.Clone(p.Attributes)
		e.fill(&copied)
	}
	return true
}

// editorPane is the pane beside the catalogue: the fields of the selected
// product, and buttons to save or hide it; what the columns are while none is.
type editorPane struct {
	c       *catalogue
	editor  *editor
	content *widgets.Panel
	hide    *widgets.Button
	foot    *fyne.Container
}

func newEditorPane(c *catalogue) *editorPane {
	e := c.editor
	p := &editorPane{c: c, editor: e, hide: widgets.NewButton(locale.T("Hide"), widgets.Bordered, c.hide)}
	p.foot = container.New(widgets.Flow{Gap: theme.Gap2, Width: inspectorInner}, e.saves, e.reverts, p.hide)
	pad := func(o fyne.CanvasObject) fyne.CanvasObject {
		return container.New(layout.NewCustomPaddedLayout(theme.Gap4, theme.Gap3, theme.Gap4, theme.Gap4), o)
	}
	p.content = widgets.NewPanel(widgets.Surface{Fill: theme.ColorSurface}, container.NewBorder(nil, pad(p.foot), nil, nil, container.NewVScroll(pad(e.form))))
	p.show()
	return p
}

func (p *editorPane) show() {
	p.foot.Hidden = !p.editor.show()
	if p.foot.Hidden {
		p.editor.form.Objects = []fyne.CanvasObject{widgets.NewParagraph(locale.T("Select a product to change or hide it."), inspectorInner, widgets.Style{Colour: theme.ColorMuted})}
		p.tellColumns()
	}
	if of := p.editor.product(); of != nil && of.Hidden {
		p.hide.SetLabel(locale.T("Show it again"))
	} else {
		p.hide.SetLabel(locale.T("Hide"))
	}
	p.content.Refresh()
}

// tellColumns says what the columns of the last import were taken for.
func (p *editorPane) tellColumns() {
	const role = 110
	var attributes []string
	rows := container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap))
	for _, f := range p.c.columns {
		switch f.Role {
		case engine.RoleIgnore:
		case engine.RoleAttribute:
			attributes = append(attributes, f.Name)
		default:
			rows.Add(container.New(widgets.Columns{role, 0}, widgets.NewText(locale.T(roleNames[f.Role]), widgets.Style{Colour: theme.ColorMuted}), widgets.NewText(f.Name, widgets.Style{Cut: true})))
		}
	}
	if len(rows.Objects) == 0 {
		return
	}
	head := func(text string) fyne.CanvasObject {
		return container.New(layout.NewCustomPaddedLayout(theme.Gap3, 0, 0, 0), sideHeading(text))
	}
	p.editor.form.Add(head(locale.T("What the columns are")))
	p.editor.form.Add(rows)
	if len(attributes) > 0 {
		p.editor.form.Add(head(locale.T("Attributes")))
		p.editor.form.Add(widgets.NewParagraph(strings.Join(attributes[:min(len(attributes), attributesEdited)], ", "), inspectorInner, widgets.Style{}))
	}
}

// fieldValue is how a field is written in its entry.
func fieldValue(p *engine.Product, field string) string {
	number := func(n engine.Number) string {
		if !n.Known {
			return ""
		}
		return strconv.FormatFloat(n.Value, 'f', -1, 64)
	}
	switch engine.Role(field) {
	case engine.RoleTitle:
		return p.Title
	case engine.RoleBrand:
		return p.Brand
	case engine.RoleCategory:
		return p.Category
	case engine.RoleDescription:
		return p.Description
	case engine.RolePrice:
		return number(p.Price)
	case engine.RoleRating:
		return number(p.Rating)
	case engine.RolePopularity:
		return number(p.Popularity)
	case engine.RoleDate:
		if p.Date.IsZero() {
			return ""
		}
		return p.Date.Format("2006-01-02")
	case engine.RoleImage:
		return p.Image
	}
	for _, a := range p.Attributes {
		if a.Name == field {
			return a.Value
		}
	}
	return ""
}

func (e *editor) fill(p *engine.Product) {
	e.of = p
	e.fields, e.entries = nil, nil
	e.form.Objects = []fyne.CanvasObject{widgets.NewText(locale.T("Product %s", p.ID), widgets.Style{Bold: true, Cut: true})}
	add := func(label, field string, lines int) {
		entry := newLines(lines)
		entry.OnSubmitted = func(string) { e.store() }
		entry.SetText(fieldValue(p, field))
		entry.OnChanged = func(string) { e.showDirty() }
		e.fields, e.entries = append(e.fields, field), append(e.entries, entry)
		e.form.Add(container.New(layout.NewCustomPaddedVBoxLayout(2), caption(label, fyne.TextAlignLeading), entry))
	}
	for _, role := range editedRoles {
		lines := 1
		if role == engine.RoleDescription || role == engine.RoleTitle {
			lines = 3
		}
		add(locale.T(roleNames[role]), string(role), lines)
	}
	for _, a := range p.Attributes[:min(len(p.Attributes), attributesEdited)] {
		add(a.Name, a.Name, 1)
	}
	e.form.Refresh()
	e.showDirty()
}

// dirty is whether anything was typed that is not saved.
func (e *editor) dirty() bool {
	if e.of == nil {
		return false
	}
	for i, field := range e.fields {
		if strings.TrimSpace(e.entries[i].Text) != strings.TrimSpace(fieldValue(e.of, field)) {
			return true
		}
	}
	return false
}

func (e *editor) showDirty() {
	for _, b := range []*widgets.Button{e.saves, e.reverts} {
		if e.dirty() {
			b.Enable()
		} else {
			b.Disable()
		}
	}
}

// store saves what was typed, or says what of it cannot be.
func (e *editor) store() {
	if e.of == nil || !e.dirty() {
		return
	}
	next := *e.of
	for i, field := range e.fields {
		text := strings.TrimSpace(e.entries[i].Text)
		if text == strings.TrimSpace(fieldValue(e.of, field)) {
			continue
		}
		if err := workbench.SetField(&next, field, text); err != nil {
			e.failed(err)
			return
		}
	}
	e.save(next)
}
