package ui

import (
	"runtime"
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"touchstone/ui/locale"
)

// group is the menu that an action stands in.
type group string

// The menus, in their order.
const (
	groupFile      group = "file"
	groupEdit      group = "edit"
	groupSearch    group = "search"
	groupJudging   group = "judging"
	groupRanking   group = "ranking"
	groupQueries   group = "queries"
	groupCatalogue group = "catalogue"
	groupView      group = "view"
	groupHelp      group = "help"
)

// groupNames are the names of the menus.
var groupNames = map[group]string{
	groupFile: locale.Mark("File"), groupEdit: locale.Mark("Edit"), groupSearch: locale.Mark("Search"), groupJudging: locale.Mark("Judging"),
	groupRanking: locale.Mark("Ranking"), groupQueries: locale.Mark("Queries"), groupCatalogue: locale.Mark("Catalogue"), groupView: locale.Mark("View"), groupHelp: locale.Mark("Help"),
}

func (g group) title() string { return locale.T(groupNames[g]) }

var groups = []group{groupFile, groupEdit, groupSearch, groupJudging, groupQueries, groupRanking, groupCatalogue, groupView, groupHelp}

// action is something a person can do. Menus, the command palette and the list
// of keys are made of actions, so that whatever can be done can be found in each
// of them and done without a mouse.
type action struct {
	id    string // such as "judge.skip"; unique
	name  string // what it does, as it stands in menus
	group group
	under string // the submenu it stands in, "" for none
	key   key    // the zero key for none

	// enabled says whether it makes sense now; nil is always. An action that
	// does not stays in the menu, so that its place there never changes, and
	// says why when it is chosen.
	enabled func() bool
	why     string // what is missing while it is not enabled
	run     func()

	on       func() bool // for a choice that stays: whether it is the present one
	anywhere bool        // of a place's action: it works while another place is shown
	leads    bool        // of a place's action: chosen elsewhere, it first brings its place up
	apart    bool        // a line stands above it in its menu

	place *place // the place it belongs to, nil for the window; filled in by the shell
}

// key is a key with a modifier, which works everywhere, a bare letter, which
// works in the action's place while no text is typed, or both.
type key struct {
	name     fyne.KeyName
	modifier fyne.KeyModifier
	letter   rune
}

// withMain is a key pressed with the desktop's main modifier, Ctrl or ⌘.
func withMain(name fyne.KeyName) key { return key{name: name, modifier: mainModifier()} }

// letter is a bare letter or sign, upper or lower case.
func letter(r rune) key { return key{letter: unicode.ToLower(r)} }

// or adds a bare letter to a key with a modifier.
func (k key) or(r rune) key {
	k.letter = unicode.ToLower(r)
	return k
}

// mainModifier is the modifier of the desktop's shortcuts.
func mainModifier() fyne.KeyModifier {
	if runtime.GOOS == "darwin" {
		return fyne.KeyModifierSuper
	}
	return fyne.KeyModifierControl
}

// shortcut is what a menu item listens to, nil for a letter and for none.
func (k key) shortcut() fyne.Shortcut {
	switch {
	case k.name == "":
		return nil
	case k.name == fyne.KeyZ && k.modifier == mainModifier():
		return &fyne.ShortcutUndo{}
	}
	return &desktop.CustomShortcut{KeyName: k.name, Modifier: k.modifier}
}

// String names the key as it stands on keyboards: "Ctrl ⇧ L", "S".
func (k key) String() string {
	var parts []string
	if k.modifier&fyne.KeyModifierControl != 0 {
		parts = append(parts, locale.Name("Ctrl"))
	}
	if k.modifier&fyne.KeyModifierSuper != 0 {
		parts = append(parts, "⌘")
	}
	if k.modifier&fyne.KeyModifierShift != 0 {
		parts = append(parts, "⇧")
	}
	if k.name != "" {
		parts = append(parts, keyCap(k.name))
	}
	if k.letter != 0 {
		if k.name != "" {
			parts = append(parts, "·")
		}
		parts = append(parts, strings.ToUpper(string(k.letter)))
	}
	return strings.Join(parts, " ")
}

func keyCap(name fyne.KeyName) string {
	switch name {
	case fyne.KeyMinus:
		return "−"
	case fyne.KeyEqual:
		return "+"
	}
	return string(name)
}

// can says whether the action makes sense now.
func (sh *shell) can(a *action) bool {
	if sh.elsewhere(a) && !a.leads {
		return false
	}
	return a.enabled == nil || a.enabled()
}

// elsewhere says whether the action works in a place that is not shown.
func (sh *shell) elsewhere(a *action) bool {
	return a.place != nil && a.place != sh.place && !a.anywhere
}

// do runs an action, or says what it lacks.
func (sh *shell) do(a *action) {
	defer sh.content.look()
	switch {
	case sh.can(a):
		if sh.elsewhere(a) {
			sh.goTo(a.place.kind.id)
		}
		a.run()
	case sh.elsewhere(a) && !a.leads:
		sh.notices.tell(notice{text: locale.T("“%s” works in %s.", locale.T(a.name), locale.T(a.place.kind.name)), action: locale.T("Go there"), do: func() { sh.goTo(a.place.kind.id) }})
	case a.why != "":
		sh.notices.tell(notice{text: locale.T(a.why)})
	}
}

// actions lists everything that can be done: the window's own, the places of the
// rail, and what each place offers.
func (sh *shell) actions() []*action {
	var all []*action
	for i := range sh.own {
		all = append(all, &sh.own[i])
	}
	for _, p := range sh.places {
		for i := range p.actions {
			p.actions[i].place = p
			all = append(all, &p.actions[i])
		}
	}
	return all
}

// act runs the action with an ID.
func (sh *shell) act(id string) {
	for _, a := range sh.actions() {
		if a.id == id {
			sh.do(a)
			return
		}
	}
}

// key gets a key that is pressed while nothing has the focus.
func (sh *shell) key(name fyne.KeyName) {
	if sh.place != nil && sh.place.key != nil {
		sh.place.key(name)
	}
}

// rune gets a letter that is typed while nothing has the focus: an action of the
// place or of the window claims it, or else the place itself. It says whether
// the letter meant something.
func (sh *shell) rune(r rune) bool {
	typed := unicode.ToLower(r)
	for _, own := range []bool{false, true} {
		for _, a := range sh.actions() {
			if a.key.letter == typed && (a.place == nil) == own && (own || a.place == sh.place) {
				sh.do(a)
				return true
			}
		}
		if !own && sh.place != nil && sh.place.rune != nil && sh.place.rune(r) {
			return true
		}
	}
	return false
}

// undo takes back the newest change of the place, or else the newest grade.
func (sh *shell) undo() {
	switch {
	case sh.place != nil && sh.place.undo != nil:
		sh.place.undo()
	case sh.search != nil:
		sh.search.undo()
	}
}
