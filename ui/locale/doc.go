// Package locale is the languages of the window: text, numbers, dates and prices
// in the one that was chosen. It also settles the language of the environment
// before Fyne reads it.
//
// English is written where it is shown, as the argument of T or N, and is the
// key of the translations in assets/translations. What the engine says is
// English sentences; Say recognises them by the same keys, so that the engine
// needs to know nothing of languages. A test fails on text that is shown without
// any of these, on text without a translation, and on a translation of nothing.
//
// The package knows no screen and must not import Fyne: see environment.go.
package locale
