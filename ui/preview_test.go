package ui

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

const shopCSV = "sku,name,maker,cost\nA1,Red mug,Norvik,4.50\nA2,Blue mug,Norvik,5\n"

// TestPreviewShowsRolesBeforeAnythingIsRead: the guesses and the first products
// are shown, a role can be changed, and the import takes what was changed.
func TestPreviewShowsRolesBeforeAnythingIsRead(t *testing.T) {
	b := newFakeBench()
	b.imported = &workbench.ImportReport{Added: 2}
	made := ""
	w := newTestWindow(t, Deps{Create: func(path string) (Bench, error) { made = path; return b, nil }})
	file := filepath.Join(t.TempDir(), "products.csv")
	if err := os.WriteFile(file, []byte(shopCSV), 0o600); err != nil {
		t.Fatal(err)
	}
	p := &preview{w: w.window, files: []string{file}, mapping: map[string]engine.Role{}}
	p.load(func(err error) {
		if err != nil {
			t.Error(err)
			return
		}
		p.show()
	})
	(<-w.loop.queue)()
	if got := words(p.content); !strings.Contains(got, "maker") || !strings.Contains(got, "Red mug") || !strings.Contains(got, "4.50") {
		t.Fatalf("the preview says %q", got)
	}
	p.change("maker", engine.RoleAttribute)
	(<-w.loop.queue)()
	if got := p.read.Products[0].Brand; got != "" {
		t.Errorf("the brand is %q still", got)
	}
	p.change("name", engine.RoleIgnore)
	(<-w.loop.queue)()
	press(t, w.win.Canvas().Overlays().Top(), "Open as a new workspace")
	w.settle()
	if want := filepath.Join(filepath.Dir(file), "products.touchstone"); made != want {
		t.Errorf("made %q, want %q", made, want)
	}
	if b.mapping["maker"] != engine.RoleAttribute {
		t.Errorf("imported with %v", b.mapping)
	}
	w.shell.tasks.stop()()
}

// TestPreviewOfVeryManyColumns: those with a role come first, and not all are laid
// out at once.
func TestPreviewOfVeryManyColumns(t *testing.T) {
	w := newTestWindow(t, Deps{})
	head, row := "sku", "A1"
	for i := range 100 {
		head, row = head+fmt.Sprintf(",spec%02d", i), row+fmt.Sprintf(",v%d", i)
	}
	file := filepath.Join(t.TempDir(), "products.csv")
	if err := os.WriteFile(file, []byte(head+",title,price\n"+row+",Red mug,4.50\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	w.previewCatalogue([]string{file})
	(<-w.loop.queue)()
	top := w.win.Canvas().Overlays().Top()
	if got := words(top); !strings.Contains(got, "Red mug") || !strings.Contains(got, "4.50") || strings.Contains(got, "spec60") {
		t.Errorf("the preview says %q", got)
	}
	press(t, top, "63 more columns")
	if got := words(top); !strings.Contains(got, "spec60") || strings.Contains(got, "spec99") {
		t.Errorf("then it says %q", got)
	}
	press(t, top, "23 more columns")
	if got := words(top); !strings.Contains(got, "spec99") || strings.Contains(got, "more column") {
		t.Errorf("at last it says %q", got)
	}
}

func TestPreviewOfWhatIsNoCatalogue(t *testing.T) {
	w := newTestWindow(t, Deps{})
	w.previewCatalogue([]string{filepath.Join(t.TempDir(), "missing.csv")})
	(<-w.loop.queue)()
	if got := words(w.shell.notices.told); !strings.Contains(got, "missing.csv was not imported") || w.asking != nil {
		t.Errorf("the window says %q", got)
	}
}

func TestWorkspaceGoesBesideItsCatalogue(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct{ taken, want string }{
		{"", "shop.touchstone"},
		{"shop.touchstone", "shop-2.touchstone"},
		{"shop-2.touchstone", "shop-3.touchstone"},
	} {
		if c.taken != "" {
			if err := os.WriteFile(filepath.Join(dir, c.taken), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if got := besides(filepath.Join(dir, "shop.csv.gz")); got != filepath.Join(dir, c.want) {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}
