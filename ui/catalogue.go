package ui

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

// productsRead is how many products are read at once while the list is scrolled.
const productsRead = 100

// catalogue is the Catalogue screen: the products as they are stored, one of
// which can be edited or hidden, and what the columns of the last import mean.
type catalogue struct {
	bench Bench
	tasks *tasks
	around
	edits *productEdits

	text     string
	hidden   bool // the hidden products are listed
	list     *workbench.ProductList
	columns  []engine.Field // of the last import
	asked    int            // products asked for
	selected string
	lists    latest

	field         *searchField
	shown, away   *widgets.Button
	counts        *widgets.Text
	rows          *pickList
	middle        *fyne.Container
	editor        *editor
	side          *editorPane
	content       fyne.CanvasObject
	importFiles   func()
	encodeFurther *widgets.Button
}

func newCatalogue(bench Bench, tasks *tasks, around around, edits *productEdits, importFiles, resume func()) *catalogue {
	c := &catalogue{bench: bench, tasks: tasks, around: around, edits: edits, importFiles: importFiles}
	c.field = newSearchField()
	c.field.PlaceHolder = locale.T("Find products by words or ID")
	c.field.OnChanged = func(text string) {
		c.text = strings.TrimSpace(text)
		c.read(0, typingPause)
	}
	c.field.onDown = func() {
		c.focus(c.rows)
		c.rows.first()
	}
	c.shown = widgets.NewButton("", widgets.Quiet, func() { c.choose(false) })
	c.away = widgets.NewButton("", widgets.Quiet, func() { c.choose(true) })
	c.counts = widgets.NewText("", widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted, Cut: true})
	c.encodeFurther = widgets.NewButton(locale.T("Encode the rest"), widgets.Quiet, resume).AtRight()
	c.rows = newPickList(func() int {
		if c.list == nil {
			return 0
		}
		return len(c.list.Products)
	}, func() fyne.CanvasObject { return newProductRow(c.pictures) }, func(i int, o fyne.CanvasObject) {
		p := &c.list.Products[i]
		o.(*productRow).set(p, p.ID)
		if i >= len(c.list.Products)-productsRead/4 {
			c.more()
		}
	}, func(i int) { c.pick(c.list.Products[i].ID) }, c.typed)
	c.middle = container.NewStack(c.rows)
	c.editor = newEditor(c.product, func(p engine.Product) { c.edits.save(p, nil) })
	c.editor.failed = func(err error) { c.tell(failure(locale.T("The product was not changed"), err)) }
	c.side = newEditorPane(c)
	tabs := container.NewBorder(nil, nil, container.NewHBox(c.shown, c.away),
		container.NewHBox(c.encodeFurther, widgets.NewButton(locale.T("Import…"), widgets.Bordered, importFiles)))
	c.content = container.NewBorder(
		container.New(layout.NewCustomPaddedLayout(theme.Gap4, theme.Gap2, theme.Gap5, theme.Gap5),
			container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap2), widgets.NewLead(c.field), tabs, c.counts)),
		nil, nil, nil,
		container.New(layout.NewCustomPaddedLayout(0, 0, theme.Gap2, theme.Gap2), c.middle))
	return c
}

// enter reads the catalogue when the screen comes up.
func (c *catalogue) enter() {
	c.focus(c.field)
	c.refresh()
}

// refresh reads it again.
func (c *catalogue) refresh() { c.read(max(0, c.asked-productsRead), 0) }

// choose lists the products that can be found, or the hidden ones.
func (c *catalogue) choose(hidden bool) {
	c.hidden = hidden
	c.read(0, 0)
}

// read asks for the first products, have of which are on screen already.
func (c *catalogue) read(have int, pause time.Duration) {
	c.asked = have + productsRead
	req := workbench.ListRequest{Text: c.text, Hidden: c.hidden, K: c.asked}
	c.tasks.newest(&c.lists, pause, func(ctx context.Context) func() {
		list, err := c.bench.List(ctx, req)
		status := c.bench.Status()
		return func() {
			if err != nil {
				c.tell(failure(locale.T("The catalogue was not read"), err))
				return
			}
			c.list = list
			c.show(&status)
			if have == 0 {
				c.rows.ScrollToTop()
			}
		}
	})
}

// more reads on when the end of what was read comes near.
func (c *catalogue) more() {
	if n := len(c.list.Products); n < c.list.Total && n >= c.asked {
		c.read(n, 0)
	}
}

func (c *catalogue) show(st *workbench.Status) {
	c.shown.SetLabel(locale.N(st.Products, "%d product", "%d products"))
	c.away.SetLabel(locale.N(st.Hidden, "%d hidden", "%d hidden"))
	c.shown.SetSelected(!c.hidden)
	c.away.SetSelected(c.hidden)
	c.encodeFurther.Hidden = st.Encoded >= st.Products
	var parts []string
	if c.text != "" {
		parts = append(parts, locale.N(c.list.Total, "%d matches", "%d match"))
	}
	parts = append(parts, locale.T("%d of %d encoded", st.Encoded, st.Products))
	c.columns = st.Catalogue.Fields
	c.counts.SetText(strings.Join(parts, " · "))
	var middle fyne.CanvasObject = c.rows
	if len(c.list.Products) == 0 {
		switch {
		case st.Products+st.Hidden == 0:
			middle = emptyWorkspace()
		case c.hidden:
			middle = empty(locale.T("Nothing is hidden"), locale.T("A hidden product stays in the catalogue, and no search shows it."))
		default:
			middle = empty(locale.T("Nothing matches"), locale.T("No product has these words."))
		}
	}
	c.middle.Objects = []fyne.CanvasObject{middle}
	c.content.Refresh()
	c.rows.Refresh()
	c.side.show()
}

// product is the selected one, nil for none.
func (c *catalogue) product() *engine.Product {
	if c.list != nil {
		for i := range c.list.Products {
			if c.list.Products[i].ID == c.selected {
				return &c.list.Products[i]
			}
		}
	}
	return nil
}

func (c *catalogue) pick(id string) {
	c.selected = id
	c.side.show()
}

// hide hides the selected product, or lets it be found again.
func (c *catalogue) hide() {
	if p := c.product(); p != nil {
		c.edits.hide(p)
	}
}

// edited selects a product that was changed, here or elsewhere, and has its
// fields filled in again from what is stored.
func (c *catalogue) edited(id string) {
	c.selected, c.editor.of = id, nil
}
