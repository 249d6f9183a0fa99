package ui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/widget"

	"touchstone/ui/locale"
)

// The file dialog speaks the window's language also where the toolkit has no
// translation: its places, and what it asks before it writes over a file.
func TestFileDialogSpeaksTheLanguage(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "rules.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	w := newTestWindow(t, Deps{Sample: func() (Bench, error) { return newFakeBench(), nil }})
	t.Cleanup(func() { _ = locale.Set(locale.English) })
	w.openFirst()
	w.wait()
	w.shell.act("language.zh")
	w.settle()
	w.app.Preferences().SetString("fyne:fileDialogLastFolder", storage.NewFileURI(folder).String())
	saved := ""
	w.pickNewFile("rules.txt", func(path string) { saved = path })
	said := func(o fyne.CanvasObject) (text string) {
		for _, s := range sights(o, w.win.Canvas().Size()) {
			text += s.text + "\n"
		}
		return text
	}
	shown := w.win.Canvas().Overlays().Top().(*widget.PopUp)
	if got := said(shown); !strings.Contains(got, "主目录") || strings.Contains(got, "Home") || strings.Contains(got, "Computer") {
		t.Errorf("the dialog says %q", got)
	}
	var save *widget.Button
	eachInside(shown.Content, func(o fyne.CanvasObject) {
		if b, ok := o.(*widget.Button); ok && b.Text == "保存" {
			save = b
		}
	})
	save.OnTapped()
	asked := w.win.Canvas().Overlays().Top().(*widget.PopUp)
	if got := said(asked); !strings.Contains(got, "覆盖文件？") || !strings.Contains(got, "rules.txt 已存在") || strings.Contains(got, "Are you sure") {
		t.Errorf("the question is %q", got)
	}
	eachInside(asked.Content, func(o fyne.CanvasObject) {
		if b, ok := o.(*widget.Button); ok && b.Text == "是" {
			b.OnTapped()
		}
	})
	if saved != filepath.Join(folder, "rules.txt") {
		t.Errorf("saved to %q", saved)
	}
	w.shell.tasks.stop()()
}
