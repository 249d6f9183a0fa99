package ui

import (
	"context"
	"errors"
	"strings"
	"testing"

	"fyne.io/fyne/v2/dialog"

	"touchstone/engine/workbench"
)

// TestImportModel goes from the form to a workspace with the imported model.
func TestImportModel(t *testing.T) {
	var taken []workbench.ModelImport
	failed := errors.New(`model shop: config.json: model_type is "roberta": only BERT models can be opened`)
	w := newTestWindow(t, Deps{
		Sample: func() (Bench, error) { return newFakeBench(), nil },
		Models: Models{Import: func(_ context.Context, in workbench.ModelImport) (string, error) {
			if taken = append(taken, in); len(taken) == 1 {
				return "", failed
			}
			return "shop · int8 · 0123abcd", nil
		}},
	})
	w.openFirst()
	w.wait()
	submit := func() {
		t.Helper()
		w.askAboutModel("/models/shop")
		press(t, w.win.Canvas().Overlays().Top(), "Import")
		w.settle()
	}
	submit()
	if got := words(w.shell.notices.told); !strings.Contains(got, "shop was not imported") || !strings.Contains(got, "roberta") {
		t.Errorf("after a refused import the window says %q", got)
	}
	submit()
	if got := words(w.shell.notices.told); !strings.Contains(got, "The model shop is ready: shop · int8 · 0123abcd.") {
		t.Errorf("after the import the window says %q", got)
	}
	in := taken[1]
	if in.Folder != "/models/shop" || in.Name != "shop" || in.Pooling != "" || in.Precision != "int8" || in.QueryPrefix != nil {
		t.Errorf("it asked for %+v", in)
	}
	press(t, w.shell.notices.told, "New workspace with it")
	if _, ok := w.asking.(*dialog.FileDialog); !ok {
		t.Errorf("then a %T asks, want the file dialog", w.asking)
	}
	w.shell.tasks.stop()()
}

func TestEveryPoolingHasAName(t *testing.T) {
	if len(poolingNames) != 1+len(workbench.Poolings) {
		t.Errorf("%d names for %d poolings and the folder's own", len(poolingNames), len(workbench.Poolings))
	}
}
