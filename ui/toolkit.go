package ui

import (
	"encoding/json"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"touchstone/ui/locale"
)

// toolkitWords are the texts of Fyne's own dialogs and menus, by their keys. Fyne
// shows them in the desktop's language; here they follow the window's.
var toolkitWords = map[string]string{
	"Cancel": locale.Mark("Cancel"), "Confirm": locale.Mark("Confirm"), "Copy": locale.Mark("Copy"), "Cut": locale.Mark("Cut"),
	"Paste": locale.Mark("Paste"), "Select all": locale.Mark("Select all"), "Redo": locale.Mark("Redo"), "Undo": locale.Mark("Undo"),
	"Create Folder": locale.Mark("Create folder"), "New Folder": locale.Mark("New folder"), "Folder": locale.Mark("Folder"),
	"Enter filename": locale.Mark("Name of the file"), "Error": locale.Mark("Error"), "Favourites": locale.Mark("Favourites"),
	"File": locale.Mark("File"), "No": locale.Mark("No"), "Yes": locale.Mark("Yes"), "OK": locale.Mark("OK"), "Open": locale.Mark("Open"),
	"Save": locale.Mark("Save"), "Quit": locale.Mark("Quit"), "Show Hidden Files": locale.Mark("Show hidden files"), "Advanced": locale.Mark("Advanced"),
}

// speakToolkit gives Fyne's own dialogs the present language.
func speakToolkit() error {
	words := map[string]any{
		"file.name":   map[string]string{"other": locale.T("Name")},
		"file.parent": map[string]string{"other": locale.T("Parent")},
	}
	for key, text := range toolkitWords {
		words[key] = locale.T(text)
	}
	b, err := json.Marshal(words)
	if err != nil {
		return err
	}
	return lang.AddTranslationsForLocale(b, lang.SystemLocale())
}

// toolkitNames are the texts of Fyne's file dialog that have no key.
var toolkitNames = map[string]string{
	"Home": locale.Mark("Home"), "Computer": locale.Mark("Computer"), "App Files": locale.Mark("App files"),
	"Desktop": locale.Mark("Desktop"), "Documents": locale.Mark("Documents"), "Downloads": locale.Mark("Downloads"),
	"Music": locale.Mark("Music"), "Pictures": locale.Mark("Pictures"), "Videos": locale.Mark("Videos"), "Movies": locale.Mark("Movies"),
	"Overwrite?":       locale.Mark("Overwrite?"),
	"Cannot overwrite": locale.Mark("This is a folder"),
	"Files cannot replace a directory,\ncheck the file name and try again": locale.Mark("A file cannot take the place of a folder: choose another name."),
}

// askedToOverwrite stands before the name of a file.
var askedToOverwrite = locale.Name("Are you sure you want to overwrite the file\n")

// speakFileDialog gives the file dialog in front of a window the present language
// where Fyne has words of its own: its places, and what it asks before it writes
// over a file. They are found in what is shown, since no dialog hands them out. And
// it puts a field of the window's own in place of that for the name, from which
// escape closes the dialog.
func speakFileDialog(c fyne.Canvas) {
	shown, ok := c.Overlays().Top().(*widget.PopUp)
	if !ok {
		return
	}
	eachInside(shown.Content, func(o fyne.CanvasObject) {
		switch o := o.(type) {
		case *widget.List: // of places
			update := o.UpdateItem
			o.UpdateItem = func(i widget.ListItemID, item fyne.CanvasObject) {
				update(i, item)
				eachInside(item, speakLabel)
			}
			o.Refresh()
			selected := o.OnSelected
			o.OnSelected = func(i widget.ListItemID) {
				selected(i)
				c.Unfocus() // it has no use for escape, and keeps it
			}
		case *container.Scroll:
			if name, ok := o.Content.(*widget.Entry); ok {
				field := standIn(name)
				o.Content = field
				o.Refresh()
				c.Focus(field)
			}
		case *widget.Button:
			tapped := o.OnTapped
			o.OnTapped = func() {
				tapped()
				if asked, ok := c.Overlays().Top().(*widget.PopUp); ok && asked != shown {
					eachInside(asked.Content, speakLabel)
				}
			}
		}
	})
}

// standIn makes a field that says what a field of the toolkit says, and lets escape
// pass.
func standIn(of *widget.Entry) *sheetField {
	f := newSheetField()
	f.Text, f.PlaceHolder, f.OnSubmitted = of.Text, of.PlaceHolder, of.OnSubmitted
	f.CursorColumn = len([]rune(of.Text))
	f.OnChanged = of.SetText
	changed := of.OnChanged
	of.OnChanged = func(text string) {
		changed(text)
		if f.Text != text {
			f.SetText(text)
		}
	}
	return f
}

// speakLabel translates a label in Fyne's own words.
func speakLabel(o fyne.CanvasObject) {
	label, ok := o.(*widget.Label)
	if !ok {
		return
	}
	if name, asked := strings.CutPrefix(label.Text, askedToOverwrite); asked {
		label.SetText(locale.T("%s is there already. Write over it?", strings.TrimSuffix(name, "?")))
	} else if text, ok := toolkitNames[label.Text]; ok {
		label.SetText(locale.T(text))
	}
}

// eachInside goes through the objects of containers and panes, but not of lists.
func eachInside(o fyne.CanvasObject, do func(fyne.CanvasObject)) {
	switch o := o.(type) {
	case *fyne.Container:
		for _, child := range o.Objects {
			eachInside(child, do)
		}
	case *container.Split:
		eachInside(o.Leading, do)
		eachInside(o.Trailing, do)
	default:
		do(o)
	}
}
