package ui

import (
	"errors"

	"touchstone/ui/locale"
	"touchstone/ui/theme"
)

func (w *window) applyLook() {
	prefs := w.app.Preferences()
	make := theme.New
	if prefs.Bool(prefCompact) {
		make = theme.Compact
	}
	w.app.Settings().SetTheme(make(w.look(), float32(prefs.FloatWithFallback(prefText, 1))))
}

// setCompact chooses how densely rows stand.
func (w *window) setCompact(on bool) {
	w.app.Preferences().SetBool(prefCompact, on)
	w.applyLook()
	w.shell.content.Refresh()
	w.showMenu()
}

// look is the palette that was chosen.
func (w *window) look() theme.Mode {
	return theme.Mode(w.app.Preferences().StringWithFallback(prefLook, string(theme.System)))
}

// speech is the language that was chosen, or else that of the desktop.
func (w *window) speech() locale.Language {
	return locale.Language(w.app.Preferences().StringWithFallback(prefSpeech, string(locale.OfDesktop())))
}

// speak goes to another language: the menu at once, the screens as soon as
// nothing is at work on them.
func (w *window) speak(l locale.Language) {
	if err := errors.Join(locale.Set(l), speakToolkit()); err != nil {
		w.shell.notices.tell(failure(locale.T("The language was not changed"), err))
		return
	}
	w.app.Preferences().SetString(prefSpeech, string(l))
	w.showMenu()
	if w.shell.bench == nil && !w.busy {
		w.shell.showEmpty(w.noWorkspace())
	}
	w.shell.relabel(w.showMenu)
}

func (w *window) setLook(mode theme.Mode) {
	w.app.Preferences().SetString(prefLook, string(mode))
	w.applyLook()
	w.showMenu()
}

// flipLook goes from light to dark and back, whatever the desktop says.
func (w *window) flipLook() {
	mode := w.look()
	dark := mode == theme.Dark || mode == theme.System && theme.IsDark(w.app.Settings().ThemeVariant())
	if dark {
		w.setLook(theme.Light)
	} else {
		w.setLook(theme.Dark)
	}
}

// resizeText makes all text larger or smaller; 0 steps is the design's size.
func (w *window) resizeText(steps float64) {
	prefs := w.app.Preferences()
	size := 1.0
	if steps != 0 {
		size = min(max(prefs.FloatWithFallback(prefText, 1)+steps*textStep, textSmaller), textLarger)
	}
	prefs.SetFloat(prefText, size)
	w.applyLook()
}
