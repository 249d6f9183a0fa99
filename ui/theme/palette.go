package theme

import (
	"image/color"
	"math"
	"strconv"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
)

// The colours of Touchstone beside Fyne's own names.
const (
	ColorSurface    fyne.ThemeColorName = "touchstone.surface"    // the rail, the inspector, fields, cards on the page
	ColorMuted      fyne.ThemeColorName = "touchstone.muted"      // text that comes second
	ColorTrack      fyne.ThemeColorName = "touchstone.track"      // what a bar or a slider runs in
	ColorRow        fyne.ThemeColorName = "touchstone.row"        // behind the selected row, the current screen, good news
	ColorAccentText fyne.ThemeColorName = "touchstone.accentText" // text that can be pressed
	ColorRise       fyne.ThemeColorName = "touchstone.rise"       // better, higher up
	ColorFall       fyne.ThemeColorName = "touchstone.fall"       // worse, lower down
	ColorRiseSoft   fyne.ThemeColorName = "touchstone.riseSoft"   // behind a badge that says better
	ColorFallSoft   fyne.ThemeColorName = "touchstone.fallSoft"   // behind a badge that says worse
	ColorTrackSoft  fyne.ThemeColorName = "touchstone.trackSoft"  // behind a badge that says neither
	ColorMark       fyne.ThemeColorName = "touchstone.mark"       // behind words that a query asks for
	ColorAlert      fyne.ThemeColorName = "touchstone.alert"      // behind a message about something that did not work
)

// ColorGrade is the colour behind a grade, ColorOnGrade of the figure on it.
// The four grades are steps of lightness before they are hues, so that they stay
// apart for people who see colours otherwise. Grades above 3 look like 3.
func ColorGrade(grade int) fyne.ThemeColorName {
	return fyne.ThemeColorName("touchstone.grade" + strconv.Itoa(min(max(grade, 0), 3)))
}

// ColorOnGrade is the colour of text on ColorGrade.
func ColorOnGrade(grade int) fyne.ThemeColorName {
	return fyne.ThemeColorName("touchstone.onGrade" + strconv.Itoa(min(max(grade, 0), 3)))
}

// palette holds the colours of one variant.
type palette map[fyne.ThemeColorName]color.NRGBA

var light = palette{
	fynetheme.ColorNameBackground:          rgb(0xf7f7f5),
	fynetheme.ColorNameForeground:          rgb(0x1b1e25),
	fynetheme.ColorNamePrimary:             rgb(0x2866e6),
	fynetheme.ColorNameForegroundOnPrimary: rgb(0xffffff),
	fynetheme.ColorNameHyperlink:           rgb(0x2159cf),
	fynetheme.ColorNameButton:              rgb(0xffffff),
	fynetheme.ColorNameDisabled:            rgb(0x676c78),
	fynetheme.ColorNameDisabledButton:      rgb(0xefefec),
	fynetheme.ColorNameError:               rgb(0xb3261e),
	fynetheme.ColorNameSuccess:             rgb(0x0a7250),
	fynetheme.ColorNameWarning:             rgb(0x9a4b00),
	fynetheme.ColorNameForegroundOnError:   rgb(0xffffff),
	fynetheme.ColorNameForegroundOnSuccess: rgb(0xffffff),
	fynetheme.ColorNameForegroundOnWarning: rgb(0xffffff),
	fynetheme.ColorNameFocus:               rgba(0x2866e6, 0x38),
	fynetheme.ColorNameSelection:           rgb(0xe2ebfe),
	fynetheme.ColorNameHover:               rgba(0x1b1e25, 0x0a),
	fynetheme.ColorNamePressed:             rgba(0x1b1e25, 0x1a),
	fynetheme.ColorNameInputBackground:     rgb(0xffffff),
	fynetheme.ColorNameInputBorder:         rgb(0xd9d9d5),
	fynetheme.ColorNamePlaceHolder:         rgb(0x686d79),
	fynetheme.ColorNameMenuBackground:      rgb(0xffffff),
	fynetheme.ColorNameOverlayBackground:   rgb(0xffffff),
	fynetheme.ColorNameHeaderBackground:    rgb(0xffffff),
	fynetheme.ColorNameScrollBar:           rgba(0x1b1e25, 0x55),
	fynetheme.ColorNameScrollBarBackground: rgba(0x1b1e25, 0x00),
	fynetheme.ColorNameSeparator:           rgb(0xe3e3df),
	fynetheme.ColorNameShadow:              rgba(0x000000, 0x38),
	ColorSurface:                           rgb(0xffffff),
	ColorMuted:                             rgb(0x656a76),
	ColorTrack:                             rgb(0xe4e4e1),
	ColorRow:                               rgb(0xecf1fe),
	ColorAccentText:                        rgb(0x2159cf),
	ColorRise:                              rgb(0x0a7250),
	ColorFall:                              rgb(0xa8431a),
	ColorRiseSoft:                          rgb(0xe3f3ec),
	ColorFallSoft:                          rgb(0xfbeae2),
	ColorTrackSoft:                         rgb(0xf0f0ed),
	ColorMark:                              rgb(0xdce7fd),
	ColorAlert:                             rgb(0xfdf1e7),
	ColorGrade(0):                          rgb(0xd6d8dd), ColorOnGrade(0): rgb(0x1b1e25),
	ColorGrade(1): rgb(0xbfd4f5), ColorOnGrade(1): rgb(0x14315f),
	ColorGrade(2): rgb(0x6f9fe2), ColorOnGrade(2): rgb(0x081a38),
	ColorGrade(3): rgb(0x1d5cbf), ColorOnGrade(3): rgb(0xffffff),
}

var dark = palette{
	fynetheme.ColorNameBackground:          rgb(0x16181b),
	fynetheme.ColorNameForeground:          rgb(0xeceef1),
	fynetheme.ColorNamePrimary:             rgb(0x7aa2ff),
	fynetheme.ColorNameForegroundOnPrimary: rgb(0x0d1526),
	fynetheme.ColorNameHyperlink:           rgb(0x8fb1ff),
	fynetheme.ColorNameButton:              rgb(0x1d2026),
	fynetheme.ColorNameDisabled:            rgb(0x888e9a),
	fynetheme.ColorNameDisabledButton:      rgb(0x24272d),
	fynetheme.ColorNameError:               rgb(0xff8f86),
	fynetheme.ColorNameSuccess:             rgb(0x4cc79a),
	fynetheme.ColorNameWarning:             rgb(0xf2a65a),
	fynetheme.ColorNameForegroundOnError:   rgb(0x16181b),
	fynetheme.ColorNameForegroundOnSuccess: rgb(0x16181b),
	fynetheme.ColorNameForegroundOnWarning: rgb(0x16181b),
	fynetheme.ColorNameFocus:               rgba(0x7aa2ff, 0x50),
	fynetheme.ColorNameSelection:           rgb(0x283553),
	fynetheme.ColorNameHover:               rgba(0xffffff, 0x0c),
	fynetheme.ColorNamePressed:             rgba(0xffffff, 0x1c),
	fynetheme.ColorNameInputBackground:     rgb(0x1d2026),
	fynetheme.ColorNameInputBorder:         rgb(0x363b44),
	fynetheme.ColorNamePlaceHolder:         rgb(0x9aa0ab),
	fynetheme.ColorNameMenuBackground:      rgb(0x22252c),
	fynetheme.ColorNameOverlayBackground:   rgb(0x22252c),
	fynetheme.ColorNameHeaderBackground:    rgb(0x1d2026),
	fynetheme.ColorNameScrollBar:           rgba(0xffffff, 0x55),
	fynetheme.ColorNameScrollBarBackground: rgba(0xffffff, 0x00),
	fynetheme.ColorNameSeparator:           rgb(0x2c3037),
	fynetheme.ColorNameShadow:              rgba(0x000000, 0x66),
	ColorSurface:                           rgb(0x1d2026),
	ColorMuted:                             rgb(0x9aa0ab),
	ColorTrack:                             rgb(0x2e323a),
	ColorRow:                               rgb(0x242b3d),
	ColorAccentText:                        rgb(0x8fb1ff),
	ColorRise:                              rgb(0x4cc79a),
	ColorFall:                              rgb(0xf09a63),
	ColorRiseSoft:                          rgb(0x1b332b),
	ColorFallSoft:                          rgb(0x3a2a1f),
	ColorTrackSoft:                         rgb(0x272b32),
	ColorMark:                              rgb(0x2f4470),
	ColorAlert:                             rgb(0x33291f),
	ColorGrade(0):                          rgb(0xd6d8dd), ColorOnGrade(0): rgb(0x1b1e25),
	ColorGrade(1): rgb(0xbfd4f5), ColorOnGrade(1): rgb(0x14315f),
	ColorGrade(2): rgb(0x6f9fe2), ColorOnGrade(2): rgb(0x081a38),
	ColorGrade(3): rgb(0x1d5cbf), ColorOnGrade(3): rgb(0xffffff),
}

var lightText, darkText color.Color = light.foreground(), dark.foreground()

// foreground is the colour of text. Fyne 2.7 draws the keys in a menu in a colour
// that it makes of the lower bytes of this one, where it means the upper bytes: as
// good as transparent, whatever the palette. So the upper bytes are the text's and
// the lower ones those of muted text; the alpha is the one next to opaque (by less
// than a thousandth) of which that sum leaves an opaque colour.
func (p palette) foreground() color.RGBA64 {
	text, keys := p[fynetheme.ColorNameForeground], p[ColorMuted]
	both := func(upper, lower uint8) uint16 { return uint16(upper)<<8 | uint16(lower) }
	return color.RGBA64{R: both(text.R, keys.R), G: both(text.G, keys.G), B: both(text.B, keys.B), A: 65481}
}

// features are the colours of contributions: Paul Tol's bright scheme ("Colour
// schemes", SRON/EPS/TN/09-002), then others of middling lightness that differ
// from it and from each other and show on both palettes.
var features = []color.NRGBA{
	rgb(0x4477aa), rgb(0x66ccee), rgb(0x228833), rgb(0xccbb44), rgb(0xaa3377), rgb(0xee7733),
	rgb(0x009988), rgb(0xee6677), rgb(0x8877cc), rgb(0x999933), rgb(0xbb8866), rgb(0x88ccaa), rgb(0xbbbbbb),
	rgb(0xcc3311), rgb(0x77aadd), rgb(0xddaacc), rgb(0x77aa33), rgb(0x888888),
	rgb(0xffcc33), rgb(0x5555bb),
}

// Feature is the colour of the i-th feature, the same in both palettes. After
// the last colour the first comes again.
func Feature(i int) color.Color { return features[i%len(features)] }

func rgb(hex uint32) color.NRGBA { return rgba(hex, 0xff) }

func rgba(hex uint32, alpha uint8) color.NRGBA {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: alpha}
}

// On is black or white, whichever stands out more on a colour, by the relative
// luminance of WCAG 2.
func On(fill color.Color) color.Color {
	r, g, b, _ := fill.RGBA()
	linear := func(v uint32) float64 {
		c := float64(v) / 0xffff
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	if 0.2126*linear(r)+0.7152*linear(g)+0.0722*linear(b) > 0.179 {
		return color.Black
	}
	return color.White
}

// Step is the colour of step i of n, from the lightest to the darkest of one hue:
// steps of lightness stay apart for people who see colours otherwise.
func Step(i, n int) color.Color {
	ramp := []color.NRGBA{{0xd6, 0xd8, 0xdd, 0xff}, {0xbf, 0xd4, 0xf5, 0xff}, {0x6f, 0x9f, 0xe2, 0xff}, {0x1d, 0x5c, 0xbf, 0xff}}
	at := float64(i) / float64(max(n-1, 1)) * float64(len(ramp)-1)
	low := min(int(at), len(ramp)-2)
	part := at - float64(low)
	mix := func(a, b uint8) uint8 { return uint8(float64(a)*(1-part) + float64(b)*part + 0.5) }
	a, b := ramp[low], ramp[low+1]
	return color.NRGBA{R: mix(a.R, b.R), G: mix(a.G, b.G), B: mix(a.B, b.B), A: 0xff}
}
