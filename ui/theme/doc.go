// Package theme is the look of the window: two palettes, a type scale, a grid
// of 4 points, the font and the icons, as one fyne.Theme.
//
// It knows no screen and no product; widgets ask it by name, so that a change
// of look is a change of this package alone.
package theme
