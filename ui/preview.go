package ui

import (
	"cmp"
	"maps"
	"path/filepath"
	"strconv"
	"strings"

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

const (
	previewProducts = 4
	previewWidth    = 720
	previewRead     = 200 // products that are read to guess the roles by
	previewColumns  = 40  // columns listed at first: a thousand lists of roles take many seconds to lay out
)

// roleNames are the roles as a person chooses them.
var roleNames = map[engine.Role]string{
	engine.RoleID: locale.Mark("ID"), engine.RoleTitle: locale.Mark("Title"), engine.RoleBrand: locale.Mark("Brand"),
	engine.RoleCategory: locale.Mark("Category"), engine.RoleDescription: locale.Mark("Description"), engine.RolePrice: locale.Mark("Price"),
	engine.RoleRating: locale.Mark("Rating"), engine.RolePopularity: locale.Mark("Popularity"), engine.RoleDate: locale.Mark("Date"),
	engine.RoleImage: locale.Mark("Image"), engine.RoleAttribute: locale.Mark("Attribute"), engine.RoleIgnore: locale.Mark("Leave out"),
}

// preview shows what the columns of a catalogue were taken for and how its first
// products would look, before anything is read in. Every role can be changed.
type preview struct {
	w       *window
	files   []string
	mapping map[string]engine.Role // what the person changed
	read    *workbench.Preview

	content  *fyne.Container
	columns  *fyne.Container
	order    []string // columns as they are listed
	listed   int      // how many of order are
	products *fyne.Container
	into     []*widgets.Button
}

// previewCatalogue looks into the first of some files beside the window and then
// shows what it found.
func (w *window) previewCatalogue(files []string) {
	p := &preview{w: w, files: files, mapping: map[string]engine.Role{}}
	p.load(func(err error) {
		if err != nil {
			w.shell.notices.tell(failure(locale.T("%s was not imported", filepath.Base(files[0])), err))
			return
		}
		p.show()
	})
}

// load reads the file's beginning with the present mapping.
func (p *preview) load(then func(error)) {
	file, mapping := p.files[0], maps.Clone(p.mapping)
	go func() {
		read, err := workbench.PreviewCatalogue(file, mapping, previewRead)
		p.w.shell.post(func() {
			if err == nil {
				p.read = read
			}
			then(err)
		})
	}()
}

func (p *preview) show() {
	w := p.w
	p.columns = container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap))
	p.products = container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap2))
	muted := widgets.Style{Colour: theme.ColorMuted}
	column := container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap2),
		widgets.NewParagraph(locale.T("This is what each column is taken for, by what is in it. Change what is wrong: nothing has been read in yet."), previewWidth-theme.Gap6, muted),
		p.columns,
		container.New(layout.NewCustomPaddedLayout(theme.Gap3, 0, 0, 0), widgets.NewText(locale.T("The first products, as they would be read"), widgets.Style{Bold: true})),
		p.products)
	p.into = nil
	fresh := widgets.NewButton(locale.T("Open as a new workspace"), widgets.Primary, func() { p.accept(w.newFrom) })
	p.into = append(p.into, fresh)
	buttons := []fyne.CanvasObject{widgets.NewButton(locale.T("Cancel"), widgets.Bordered, func() { w.asking.Dismiss() })}
	if w.shell.bench != nil {
		here := widgets.NewButton(locale.T("Add to %s", workspaceName(w.shell.bench.Status().Path)), widgets.Bordered, func() {
			p.accept(func(files []string, mapping map[string]engine.Role) {
				w.shell.importCatalogue(files, mapping, w.showProblems)
			})
		})
		p.into = append(p.into, here)
		buttons = append(buttons, here)
	}
	p.content = column
	p.arrange()
	p.showColumns()
	p.showProducts()
	w.show(fileNames(p.files), p.content, append(buttons, fresh)...)
	w.win.Canvas().Focus(fresh)
}

// accept closes the preview and imports.
func (p *preview) accept(take func(files []string, mapping map[string]engine.Role)) {
	p.w.asking.Dismiss()
	take(p.files, p.mapping)
}

// arrange orders the columns as the file has them. Of very many, those that were
// taken for more than an attribute come first.
func (p *preview) arrange() {
	var first, rest []string
	for _, f := range p.read.Fields {
		if f.Role == engine.RoleAttribute && len(p.read.Fields) > previewColumns {
			rest = append(rest, f.Name)
		} else {
			first = append(first, f.Name)
		}
	}
	p.order, p.listed = append(first, rest...), previewColumns
}

// showColumns lists the columns with their roles.
func (p *preview) showColumns() {
	var options []string
	of := map[string]engine.Role{}
	for _, r := range engine.Roles {
		name := locale.T(roleNames[r])
		options = append(options, name)
		of[name] = r
	}
	taken := map[string]engine.Role{}
	for _, f := range p.read.Fields {
		taken[f.Name] = f.Role
	}
	p.columns.RemoveAll()
	p.listed = min(p.listed, len(p.order))
	for _, column := range p.order[:p.listed] {
		role := widgets.NewSelect(options, nil)
		role.SetSelected(locale.T(roleNames[taken[column]]))
		role.OnChanged = func(name string) { p.change(column, of[name]) }
		examples := strings.Join(p.read.Examples[column], " · ")
		p.columns.Add(container.New(widgets.Columns{180, 150, 0},
			widgets.NewText(column, widgets.Style{Bold: true, Cut: true}), role,
			widgets.NewText(strings.Join(strings.Fields(examples), " "), widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted, Cut: true})))
	}
	if more := len(p.order) - p.listed; more > 0 {
		p.columns.Add(container.NewHBox(widgets.NewButton(locale.N(more, "%d more column", "%d more columns"), widgets.Quiet, func() {
			p.listed *= 2
			p.showColumns()
			p.content.Refresh()
		})))
	}
	p.columns.Refresh()
}

// change gives a column another role and reads the beginning again.
func (p *preview) change(column string, role engine.Role) {
	before := maps.Clone(p.mapping)
	p.mapping[column] = role
	p.load(func(err error) {
		if err != nil {
			p.mapping = before
			p.w.shell.notices.tell(failure(locale.T("The column keeps its role"), err))
		}
		p.showColumns()
		p.showProducts()
	})
}

// showProducts lists the first products, what could not be read, and the notes.
func (p *preview) showProducts() {
	p.products.RemoveAll()
	for i := range p.read.Products[:min(len(p.read.Products), previewProducts)] {
		product := &p.read.Products[i]
		title := product.Title
		if title == "" {
			title = locale.T("without a title")
		}
		picture := widgets.NewThumbnail()
		picture.Set(cmp.Or(product.Category, product.Brand, product.Title))
		p.products.Add(container.New(widgets.Columns{widgets.ThumbnailSize, 0}, picture, container.New(layout.NewCustomPaddedVBoxLayout(1),
			widgets.NewText(title, widgets.Style{Bold: true, Cut: true}),
			widgets.NewText(about(product), widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted, Cut: true}))))
	}
	said := p.read.Notes
	for _, problem := range p.read.Problems[:min(len(p.read.Problems), 3)] {
		said = append(said, locale.T("Line %d: %s", problem.Line, locale.Say(problem.What)))
	}
	for _, note := range said {
		p.products.Add(widgets.NewParagraph(locale.Say(note), previewWidth-theme.Gap6, widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted}))
	}
	for _, b := range p.into {
		b.SetEnabled(len(p.read.Products) > 0)
	}
	p.products.Refresh()
}

// newFrom makes a workspace beside a catalogue's file and reads the catalogue
// into it.
func (w *window) newFrom(files []string, mapping map[string]engine.Role) {
	path := besides(files[0])
	w.replace(workspaceName(path), path, func() (Bench, error) { return w.deps.Create(path) }, func(path string) {
		w.remember(path)
		w.shell.importCatalogue(files, mapping, w.showProblems)
	})
}

// besides is where the workspace of a catalogue goes: beside its file, under its
// name, and under another one where that is taken.
func besides(file string) string {
	base := filepath.Base(file)
	if name, _, ok := strings.Cut(base, "."); ok && name != "" {
		base = name
	}
	path := filepath.Join(filepath.Dir(file), base+workspaceEnding)
	for n := 2; exists(path); n++ {
		path = filepath.Join(filepath.Dir(file), base+"-"+strconv.Itoa(n)+workspaceEnding)
	}
	return path
}
