package ui

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

// engineForm takes in how an engine is reached, asked and read. Fields that are
// left empty leave the make's own way.
type engineForm struct {
	content *fyne.Container
	was     engine.Remote // before
	kind    *widgets.Select
	key     *sheetField       // goes to the keyring, never into the configuration
	try     fyne.CanvasObject // shown for the kinds that can be asked as they are
	fields  []engineField
}

// engineField is one line of the form.
type engineField struct {
	name, hint string
	of         func(engine.RemoteKind) bool // the kinds that have it; nil for all
	choices    []string
	lines      int
	get        func(engine.Remote) string
	set        func(*engine.Remote, string) error

	input fyne.CanvasObject
	entry *widget.Entry
}

// pointed is a field that is a text of the configuration.
func pointed(name, hint string, of func(engine.RemoteKind) bool, at func(*engine.Remote) *string) engineField {
	return engineField{name: name, hint: hint, of: of,
		get: func(r engine.Remote) string { return *at(&r) },
		set: func(r *engine.Remote, s string) error { *at(r) = s; return nil }}
}

// counted is a field that is a number, of which 0 is the make's own.
func counted[N int | engine.Seconds](name, hint string, of func(engine.RemoteKind) bool, at func(*engine.Remote) *N) engineField {
	return engineField{name: name, hint: hint, of: of,
		get: func(r engine.Remote) string {
			if *at(&r) == 0 {
				return ""
			}
			return fmt.Sprint(*at(&r))
		},
		set: func(r *engine.Remote, s string) error {
			n, err := 0.0, error(nil)
			if s != "" {
				n, err = strconv.ParseFloat(s, 64)
			}
			if *at(r) = N(n); err != nil || n < 0 || float64(*at(r)) != n {
				return errors.New(locale.T("%s: %q is no number that it can be", name, s))
			}
			return nil
		}}
}

// paired is a field of names and values.
func paired(name, hint string, get func(engine.Remote) map[string]string, set func(*engine.Remote, map[string]string)) engineField {
	return engineField{name: name, hint: hint, of: asked,
		get: func(r engine.Remote) string { return workbench.FormatPairs(get(r)) },
		set: func(r *engine.Remote, s string) error {
			pairs, err := workbench.ParsePairs(s)
			set(r, pairs)
			return err
		}}
}

// remoteKindNames are the makes as their makers write them.
var remoteKindNames = map[engine.RemoteKind]string{
	engine.Weaviate: locale.Name("Weaviate"), engine.OpenSearch: locale.Name("OpenSearch"), engine.Elasticsearch: locale.Name("Elasticsearch"),
	engine.Solr: locale.Name("Solr"), engine.HTTPJSON: locale.Mark("Any that answers JSON"),
}

// filled are the kinds that keep a whole catalogue; asked those that are asked
// as they are.
func filled(k engine.RemoteKind) bool { return k == engine.Weaviate }
func asked(k engine.RemoteKind) bool  { return k != engine.Weaviate }

func engineFields() []engineField {
	consistency := pointed(locale.T("Copies that must answer"), locale.T("as the server has it"), filled, func(r *engine.Remote) *string { return &r.Consistency })
	consistency.choices = []string{locale.Name("ONE"), locale.Name("QUORUM"), locale.Name("ALL")}
	body := pointed(locale.T("Body"), locale.Name(`{"text":"{{query}}","n":{{k}}}`), asked, func(r *engine.Remote) *string { return &r.Request.Body })
	body.lines = 3
	return []engineField{
		pointed(locale.T("Name"), locale.T("production"), nil, func(r *engine.Remote) *string { return &r.Name }),
		{name: locale.T("Address"), hint: locale.Name("http://127.0.0.1:8080"),
			get: func(r engine.Remote) string { return strings.Join(r.URLs, " ") },
			set: func(r *engine.Remote, s string) error { r.URLs = strings.Fields(s); return nil }},
		pointed(locale.T("Class"), locale.Name("Touchstone"), filled, func(r *engine.Remote) *string { return &r.Index }),
		pointed(locale.T("Index or core"), locale.Name("products"), func(k engine.RemoteKind) bool { return asked(k) && k != engine.HTTPJSON }, func(r *engine.Remote) *string { return &r.Index }),
		pointed(locale.T("Path"), locale.Name("/find?q={{query}}&n={{k}}"), asked, func(r *engine.Remote) *string { return &r.Request.Path }),
		body,
		paired(locale.T("Headers"), locale.Name("X-Shop=de, X-Api-Key={{key}}"),
			func(r engine.Remote) map[string]string { return r.Request.Header },
			func(r *engine.Remote, m map[string]string) { r.Request.Header = m }),
		pointed(locale.T("Where the hits are"), locale.Name("response.docs"), asked, func(r *engine.Remote) *string { return &r.Answer.Hits }),
		pointed(locale.T("ID of a hit"), locale.Name("id"), asked, func(r *engine.Remote) *string { return &r.Answer.ID }),
		pointed(locale.T("Score of a hit"), locale.Name("score"), asked, func(r *engine.Remote) *string { return &r.Answer.Score }),
		paired(locale.T("Fields of a hit"), locale.Name("title=name, brand=maker, price=cost"),
			func(r engine.Remote) map[string]string {
				m := map[string]string{}
				for role, path := range r.Answer.Fields {
					m[string(role)] = path
				}
				return m
			},
			func(r *engine.Remote, m map[string]string) {
				r.Answer.Fields = nil
				for role, path := range m {
					if r.Answer.Fields == nil {
						r.Answer.Fields = map[engine.Role]string{}
					}
					r.Answer.Fields[engine.Role(role)] = path
				}
			}),
		pointed(locale.T("How many match"), locale.Name("response.numFound"), asked, func(r *engine.Remote) *string { return &r.Answer.Total }),
		pointed(locale.T("Address of gRPC"), locale.Name("127.0.0.1:50051"), filled, func(r *engine.Remote) *string { return &r.GRPC }),
		consistency,
		counted(locale.T("Copies of a new class"), locale.T("as the server has it"), filled, func(r *engine.Remote) *int { return &r.Replication }),
		counted(locale.T("Shards of a new class"), locale.T("as the server has it"), filled, func(r *engine.Remote) *int { return &r.Shards }),
		pointed(locale.T("User, where the key is a password"), "", nil, func(r *engine.Remote) *string { return &r.User }),
		pointed(locale.T("File of certificates to trust"), locale.T("the system's"), nil, func(r *engine.Remote) *string { return &r.CA }),
		counted(locale.T("Seconds to wait"), locale.Name("10"), nil, func(r *engine.Remote) *engine.Seconds { return &r.Timeout }),
	}
}

func newEngineForm(r engine.Remote, try fyne.CanvasObject) *engineForm {
	f := &engineForm{was: r, fields: engineFields(), content: container.NewStack(), key: newSheetField(), try: try}
	f.key.Password = true
	f.key.SetPlaceHolder(locale.T("as it is"))
	for i := range f.fields {
		field := &f.fields[i]
		switch {
		case field.choices != nil:
			e := newSheetChoice(field.choices)
			field.entry, field.input = &e.Entry, e
		default:
			e := newLines(field.lines)
			field.entry, field.input = &e.Entry, e
		}
		field.entry.SetPlaceHolder(field.hint)
		field.entry.SetText(field.get(r))
	}
	var kinds []string
	for _, k := range engine.RemoteKinds {
		kinds = append(kinds, locale.T(remoteKindNames[k]))
	}
	f.kind = widgets.NewSelect(kinds, func(string) { f.lay() })
	if r.Kind == "" {
		r.Kind = engine.Weaviate
	}
	f.kind.SetSelectedIndex(slices.Index(engine.RemoteKinds, r.Kind))
	return f
}

// selected is the kind that is selected.
func (f *engineForm) selected() engine.RemoteKind { return engine.RemoteKinds[f.kind.SelectedIndex()] }

// lay shows the fields of the kind that is selected.
func (f *engineForm) lay() {
	if asked(f.selected()) {
		f.try.Show()
	} else {
		f.try.Hide()
	}
	form := widget.NewForm(widget.NewFormItem(locale.T("Kind"), f.kind))
	for _, field := range f.fields {
		if field.of == nil || field.of(f.selected()) {
			form.Append(field.name, field.input)
		}
	}
	form.Append(locale.T("Key or password"), f.key)
	f.content.Objects = []fyne.CanvasObject{form}
	f.content.Refresh()
}

// remote is what was typed.
func (f *engineForm) remote() (engine.Remote, error) {
	r := f.was
	r.Kind = f.selected()
	var shown []engineField
	for _, field := range f.fields {
		if field.of == nil || field.of(r.Kind) {
			shown = append(shown, field)
		} else if err := field.set(&r, ""); err != nil { // what another kind left
			return r, err
		}
	}
	for _, field := range shown {
		if err := field.set(&r, strings.TrimSpace(field.entry.Text)); err != nil {
			return r, err
		}
	}
	return r, nil
}

// editEngine shows how an engine is reached, asked and read, or asks for a new
// one. What cannot be is told in the form, which stays.
func (w *window) editEngine(r engine.Remote) {
	engines := w.engines()
	var form *engineForm
	var asks *sheet
	told := widgets.NewParagraph("", enginesWidth, widgets.Style{Colour: theme.ColorFall})
	told.Hide()
	tell := func(err error) {
		told.SetText(locale.Say(err.Error()))
		told.Show()
	}
	try := widgets.NewButton(locale.T("Try it…"), widgets.Bordered, func() {
		r, err := form.remote()
		if err != nil {
			tell(err)
			return
		}
		w.tryEngine(r)
		w.asking.SetOnClosed(func() { // what was typed is still to be saved
			w.asking = nil
			w.ask(asks)
		})
	})
	form = newEngineForm(r, try)
	keep := func() {
		r, err := form.remote()
		if err == nil && r.Name != form.was.Name && slices.ContainsFunc(engines.Remotes(), func(o engine.Remote) bool { return o.Name == r.Name }) {
			err = errors.New(locale.T("an engine is called %q already", r.Name))
		}
		if err != nil {
			tell(err)
			return
		}
		key := form.key.Text
		w.shell.tasks.start(func(context.Context) func() {
			err := engines.PutRemote(r)
			if err == nil && key != "" {
				err = engines.PutSecret(r.Name, key)
			}
			return func() {
				if err != nil {
					tell(err)
					return
				}
				asks.Dismiss()
				w.showEngines()
			}
		}, true)
	}
	note := widgets.NewParagraph(locale.T("The key is kept in the system's keyring for these addresses, never in the workspace; a variable of the environment goes before it (docs/remote.md)."),
		enginesWidth, widgets.Style{Colour: theme.ColorMuted})
	scroll := container.NewVScroll(container.New(layout.NewCustomPaddedLayout(0, 0, 0, theme.Gap4), form.content))
	// The form scrolls by itself, so that what is wrong with it stays in sight.
	const around = 280 // title, note, buttons and the shade
	scroll.SetMinSize(fyne.NewSize(enginesWidth, max(320, min(form.content.MinSize().Height, w.win.Canvas().Size().Height-around))))
	title := locale.T("Another engine")
	if r.Name != "" {
		title = r.Name
	}
	asks = newSheet(w.win.Canvas(), title, container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap3), scroll, told, note), try, widgets.NewButton(locale.T("Save"), widgets.Primary, keep))
	w.ask(asks)
}
