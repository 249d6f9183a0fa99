package ui

import (
	"context"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/ui/locale"
)

// importModel asks for a model folder and how to take it in.
func (w *window) importModel() {
	d := dialog.NewFolderOpen(func(folder fyne.ListableURI, err error) {
		switch {
		case err != nil:
			w.shell.notices.tell(failure(locale.T("The folder was not opened"), err))
		case folder != nil:
			w.askAboutModel(folder.Path())
		}
	}, w.win)
	d.Resize(fyne.NewSize(860, 560))
	w.ask(d)
}

// The poolings as a person reads them, in the order of workbench.Poolings, after
// what the folder says.
var poolingNames = []string{
	locale.Mark("As the folder says"), locale.Mark("Mean of all tokens"), locale.Mark("The [CLS] token"),
	locale.Mark("Largest value of each dimension"), locale.Mark("The pooler's output"),
}

// askAboutModel asks what to call a model and how to use it.
func (w *window) askAboutModel(folder string) {
	name, prefix := widget.NewEntry(), widget.NewEntry()
	name.SetText(filepath.Base(folder))
	prefix.SetPlaceHolder(locale.T("as the folder says"))
	var poolings []string
	for _, p := range poolingNames {
		poolings = append(poolings, locale.T(p))
	}
	pooling := widget.NewSelect(poolings, nil)
	pooling.SetSelectedIndex(0)
	small := widget.NewCheck(locale.T("Weights in 8 bits: a quarter of the size, several times as fast"), nil)
	small.SetChecked(true)
	prefixed := widget.NewFormItem(locale.T("Before each query"), prefix)
	prefixed.HintText = locale.T("Some models were trained with words before each query, such as “query: ”.")
	form := dialog.NewForm(locale.T("Import a language model"), locale.T("Import"), locale.T("Cancel"), []*widget.FormItem{
		widget.NewFormItem(locale.T("Name"), name),
		widget.NewFormItem(locale.T("Vector of a text"), pooling),
		prefixed,
		widget.NewFormItem(locale.T("Size"), small),
	}, func(wanted bool) {
		if !wanted {
			return
		}
		in := workbench.ModelImport{Folder: folder, Name: name.Text}
		if i := pooling.SelectedIndex(); i > 0 {
			in.Pooling = workbench.Poolings[i-1]
		}
		if prefix.Text != "" {
			in.QueryPrefix = &prefix.Text
		}
		if small.Checked {
			in.Precision = "int8"
		}
		w.takeModel(in)
	}, w.win)
	form.Resize(fyne.NewSize(640, 0))
	w.ask(form)
}

// takeModel imports a model beside the window and offers a workspace with it.
func (w *window) takeModel(in workbench.ModelImport) {
	w.shell.work(locale.T("Importing %s", in.Name), func(ctx context.Context, _ engine.OnProgress) notice {
		about, err := w.deps.Models.Import(ctx, in)
		if err != nil {
			return failure(locale.T("%s was not imported", in.Name), err)
		}
		return notice{
			text:   locale.T("The model %s is ready: %s. It encodes the products of new workspaces that are made with it.", in.Name, about),
			action: locale.T("New workspace with it"),
			do: func() {
				w.newWorkspaceBy(func(path string) (Bench, error) { return w.deps.Models.Create(path, in.Name) })
			},
		}
	})
}
