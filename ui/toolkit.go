package ui

import (
	"encoding/json"

	"fyne.io/fyne/v2/lang"

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
