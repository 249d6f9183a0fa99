package ui

import (
	"context"
	"path/filepath"

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

// importModel asks for a model folder and how to take it in.
func (w *window) importModel() { w.pickFolder(locale.T("Import a language model…"), w.askAboutModel) }

// The poolings as a person reads them, in the order of workbench.Poolings, after
// what the folder says.
var poolingNames = []string{
	locale.Mark("As the folder says"), locale.Mark("Mean of all tokens"), locale.Mark("The [CLS] token"),
	locale.Mark("Largest value of each dimension"), locale.Mark("The pooler's output"),
}

// askAboutModel asks what to call a model and how to use it.
func (w *window) askAboutModel(folder string) {
	name, prefix := newSheetField(), newSheetField()
	name.SetText(filepath.Base(folder))
	prefix.SetPlaceHolder(locale.T("as the folder says"))
	var poolings []string
	for _, p := range poolingNames {
		poolings = append(poolings, locale.T(p))
	}
	pooling := widgets.NewSelect(poolings, nil)
	pooling.SetSelectedIndex(0)
	small := widgets.NewCheck(locale.T("Weights in 8 bits: a quarter of the size, several times as fast"), nil)
	small.SetChecked(true)
	leave := func() {}
	take := func() {
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
		leave()
		w.takeModel(in)
	}
	name.OnSubmitted, prefix.OnSubmitted = func(string) { take() }, func(string) { take() }
	label := func(t string) fyne.CanvasObject {
		return container.New(layout.NewCustomPaddedLayout(theme.Gap, 0, 0, 0), widgets.NewText(t, widgets.Style{Bold: true}))
	}
	column := container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap2),
		label(locale.T("Name")), name, label(locale.T("Vector of a text")), pooling, label(locale.T("Before each query")), prefix,
		widgets.NewParagraph(locale.T("Some models were trained with words before each query, such as “query: ”."), modelWidth, widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted}),
		flush(small))
	leave = w.show(locale.T("Import a language model"), column,
		widgets.NewButton(locale.T("Cancel"), widgets.Bordered, func() { leave() }), widgets.NewButton(locale.T("Import"), widgets.Primary, take))
	w.win.Canvas().Focus(name)
}

const modelWidth = 480

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
