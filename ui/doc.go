// Package ui is the window: a shell with menus and a rail of places (searching,
// judging, queries, comparing, rules, the catalogue, models), tasks that run
// beside it, and pictures of it drawn without a display.
//
// It calls the use cases of engine/workbench through the Bench it declares and
// is handed by main. It knows neither bbolt nor a model's weights nor a file
// format. What the screen shows lives in values that only Fyne's goroutine
// touches; everything that takes time runs in tasks and comes back to it.
//
// # A new place
//
// A screen of the rail is a place. Its name, icon and order are in placeKinds;
// its own file gives it a screen:
//
//	func init() { registerPlace(placeRules, newRulesPlace) }
//
//	func newRulesPlace(sh *shell) *place {
//		r := newRules(sh)
//		return &place{content: r.content, side: r.side, enter: r.enter, leave: r.leave,
//			refresh: func() { r.stale = true }, undo: r.undo, actions: []action{…}}
//	}
//
// # A new action
//
// Whatever a person can do is an action: of a place, in place.actions, or of the
// window, in window.actions. The main menu, the command palette and the list of
// keys are made of them; nothing else has to be told.
//
//	{id: "rules.remove", name: "Remove the rule", group: groupSearch,
//		enabled: editing, why: none, run: r.remove}
//
// A key with a modifier works wherever the focus is, because it is the menu
// item's (a focused text field would swallow a shortcut of the canvas); a letter
// works while its place is shown and no text is typed. A place's action works
// only while the place is shown, unless it says anywhere. Keys that need the
// place's own reading, such as arrows and grades, go to place.key and place.rune
// and are named in place.keys. A widget that takes the focus and no letters hands
// them on with widgets.PassRune.
//
// # Text
//
// Whatever is shown goes through ui/locale: locale.T("Opening %s", name),
// locale.N(n, "%d product", "%d products"), locale.Say(err or sentence of the
// engine), locale.Mark for tables shown with T later, locale.Name for names that
// are never translated; numbers, dates and prices through locale.Number and its
// like. The Chinese stands in assets/translations/zh, one file an area. Names,
// reasons and submenus of actions and the lines of keyHelp are written as they
// are: the shell translates them. The screens are made anew when the language
// changes, so that text may be settled when a widget is made.
package ui
