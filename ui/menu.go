package ui

import (
	"fyne.io/fyne/v2"

	"touchstone/ui/locale"
)

// showMenu makes the main menu of what can be done now. It is where every
// shortcut with a modifier lives: a focused text field would swallow those of
// the canvas.
func (w *window) showMenu() {
	menus := map[group]*fyne.Menu{}
	under := map[string]*fyne.Menu{}
	for _, a := range w.shell.actions() {
		menu := menus[a.group]
		if menu == nil {
			menu = fyne.NewMenu(a.group.title())
			menus[a.group] = menu
		}
		if a.apart && len(menu.Items) > 0 {
			menu.Items = append(menu.Items, fyne.NewMenuItemSeparator())
		}
		if a.under != "" {
			sub := under[a.under]
			if sub == nil {
				sub = fyne.NewMenu("")
				under[a.under] = sub
				item := fyne.NewMenuItem(locale.T(a.under), nil)
				item.ChildMenu = sub
				menu.Items = append(menu.Items, item)
			}
			menu = sub
		}
		menu.Items = append(menu.Items, w.menuItem(a))
	}
	main := fyne.NewMainMenu()
	for _, g := range groups {
		if menus[g] != nil {
			main.Items = append(main.Items, menus[g])
		}
	}
	w.win.SetMainMenu(main)
}

func (w *window) menuItem(a *action) *fyne.MenuItem {
	item := fyne.NewMenuItem(locale.T(a.name), func() {
		if w.asking != nil {
			return // the dialog in front comes first
		}
		w.shell.do(a)
	})
	item.Shortcut = a.key.shortcut()
	item.Checked = a.on != nil && a.on()
	item.IsQuit = a.id == "file.quit"
	return item
}
