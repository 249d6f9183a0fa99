package ui

import (
	"slices"

	"fyne.io/fyne/v2"
)

// The places of the rail, by the names that the rest of the window calls them.
const (
	placeSearch    = "search"
	placeJudge     = "judge"
	placeQueries   = "queries"
	placeCompare   = "compare"
	placeRules     = "rules"
	placeCatalogue = "catalogue"
	placeModels    = "models"
)

// placeKind is one entry of the rail.
type placeKind struct {
	id   string // also the name of its icon
	name string
	make func(*shell) *place // nil while no screen is registered
}

// placeKinds are the places of the rail, in the order in which they are shown and
// numbered.
var placeKinds = []placeKind{
	{id: placeSearch, name: "Search"},
	{id: placeJudge, name: "Judge"},
	{id: placeQueries, name: "Queries"},
	{id: placeCompare, name: "Compare"},
	{id: placeRules, name: "Rules"},
	{id: placeCatalogue, name: "Catalogue"},
	{id: placeModels, name: "Models"},
}

// registerPlace gives a place of the rail its screen. It is called from init in
// the screen's own file. The function is called once for each workspace that is
// opened, on Fyne's goroutine, and must not wait for anything: what takes time
// starts when the place is entered.
func registerPlace(id string, make func(*shell) *place) {
	i := slices.IndexFunc(placeKinds, func(k placeKind) bool { return k.id == id })
	placeKinds[i].make = make
}

// place is a screen of an open workspace. Fields that are nil do nothing.
type place struct {
	kind *placeKind // filled in by the shell

	content fyne.CanvasObject // fills the middle
	side    fyne.CanvasObject // fills the inspector; nil for a place without one

	enter   func() // it comes up
	leave   func() // another place comes up, or the workspace is closed
	refresh func() // the catalogue or the grades have changed under it

	// key and rune get what is typed while nothing has the focus and no action
	// of this place claims it. rune says whether it meant something.
	key  func(fyne.KeyName)
	rune func(rune) (used bool)
	undo func() // Edit › Undo; nil takes back the newest grade

	actions []action  // what can be done here, see action
	keys    []keyHelp // further keys, for the list of keys
}

// keyHelp is a line of the list of keys that is no action.
type keyHelp struct{ keys, does string }

func call(f func()) {
	if f != nil {
		f()
	}
}
