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
	w.pickNewFile("导出规则…", "rules.txt", func(path string) { saved = path })
	said := func(o fyne.CanvasObject) (text string) {
		for _, s := range sights(o, w.win.Canvas().Size()) {
			text += s.text + "\n"
		}
		return text
	}
	shown := w.win.Canvas().Overlays().Top().(*widget.PopUp)
	if got := said(shown); !strings.Contains(got, "主目录") || !strings.Contains(got, "导出规则\n") || strings.Contains(got, "Home") || strings.Contains(got, "Computer") {
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

// Escape closes the file dialogs, whichever of their fields has the focus, and
// does nothing else.
func TestEscapeClosesFileDialogs(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "rules.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	w := newTestWindow(t, Deps{Sample: func() (Bench, error) { return newFakeBench(), nil }})
	w.openFirst()
	w.wait()
	w.app.Preferences().SetString("fyne:fileDialogLastFolder", storage.NewFileURI(folder).String())
	saved := func(path string) { t.Errorf("%s was chosen", path) }
	for name, open := range map[string]func(){
		"save":   func() { w.pickNewFile("Export rules…", "new.txt", saved) },
		"open":   func() { w.pickFile("Import rules…", nil, saved) },
		"folder": func() { w.pickFolder("Folder of pictures…", saved) },
	} {
		open()
		if w.win.Canvas().Overlays().Top() == nil {
			t.Fatalf("%s: no dialog", name)
		}
		e := &fyne.KeyEvent{Name: fyne.KeyEscape}
		if focused := w.win.Canvas().Focused(); focused != nil {
			focused.TypedKey(e)
		} else {
			w.win.Canvas().OnTypedKey()(e)
		}
		if w.win.Canvas().Overlays().Top() != nil || w.asking != nil {
			t.Errorf("%s: the dialog is still there", name)
		}
	}

	// What is typed is the name of the file.
	path := ""
	w.pickNewFile("Export rules…", "new.txt", func(p string) { path = p })
	field := w.win.Canvas().Focused().(*sheetField)
	field.TypedRune('2')
	field.OnSubmitted(field.Text)
	if want := filepath.Join(folder, "new.txt2"); path != want {
		t.Errorf("saved to %q, want %q", path, want)
	}
	w.shell.tasks.stop()()
}
