package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"

	"touchstone/ui/locale"
)

// pickFile asks for a file with one of the endings. The title says what for.
func (w *window) pickFile(title string, endings []string, then func(path string)) {
	d := dialog.NewFileOpen(func(r fyne.URIReadCloser, err error) {
		if err != nil {
			w.shell.notices.tell(failure(locale.T("The file was not opened"), err))
			return
		}
		if r == nil {
			return
		}
		path := r.URI().Path()
		_ = r.Close() // nothing was written
		then(path)
	}, w.win)
	if endings != nil {
		d.SetFilter(storage.NewExtensionFileFilter(endings))
	}
	w.askForFile(title, d)
}

// pickFolder asks for a folder.
func (w *window) pickFolder(title string, then func(path string)) {
	d := dialog.NewFolderOpen(func(folder fyne.ListableURI, err error) {
		switch {
		case err != nil:
			w.shell.notices.tell(failure(locale.T("The folder was not opened"), err))
		case folder != nil:
			then(folder.Path())
		}
	}, w.win)
	w.askForFile(title, d)
}

// pickNewFile asks where to write. The dialog makes the file; the writer
// replaces it.
func (w *window) pickNewFile(title, name string, then func(path string)) {
	d := dialog.NewFileSave(func(f fyne.URIWriteCloser, err error) {
		if err != nil {
			w.shell.notices.tell(failure(locale.T("The file was not made"), err))
			return
		}
		if f == nil {
			return
		}
		path := f.URI().Path()
		if err := f.Close(); err != nil {
			w.shell.notices.tell(failure(locale.T("The file was not made"), err))
			return
		}
		then(path)
	}, w.win)
	d.SetFileName(name)
	w.askForFile(title, d)
}

// askForFile shows one of the toolkit's dialogs for files. Its title may be the
// name of the action that leads to it.
func (w *window) askForFile(title string, d *dialog.FileDialog) {
	d.SetTitleText(strings.TrimSuffix(title, "…"))
	d.Resize(fyne.NewSize(860, 560))
	w.ask(d)
	speakFileDialog(w.win.Canvas())
}
