// Package widgets holds the reusable parts of the window: text that ends in an
// ellipsis, a bar of contributions, a strip of grades, sliders, buttons,
// notices. Each draws what it is given and tells of what was done to it.
//
// It knows the theme and the nouns of package engine, no use case and no
// screen. All methods belong to Fyne's goroutine.
package widgets
