package theme

import (
	"image/color"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"

	"touchstone/assets"
)

// Mode says which palette is shown.
type Mode string

// The modes; System follows the desktop.
const (
	System Mode = "system"
	Light  Mode = "light"
	Dark   Mode = "dark"
)

// The type scale, beside Fyne's own SizeNameText (body) and
// SizeNameCaptionText.
const (
	SizeLead   fyne.ThemeSizeName = "touchstone.lead"   // what is typed: the search field
	SizeTitle  fyne.ThemeSizeName = "touchstone.title"  // the head of an empty page
	SizeFigure fyne.ThemeSizeName = "touchstone.figure" // a number read from afar
)

// Distances between things, in Fyne's device-independent points.
const (
	Gap     float32 = 4
	Gap2    float32 = 8
	Gap3    float32 = 12
	Gap4    float32 = 16
	Gap5    float32 = 20
	Gap6    float32 = 24
	Rounded float32 = 6 // the corners of controls; cards take twice as much
)

var sizes = map[fyne.ThemeSizeName]float32{
	fynetheme.SizeNameText:           13,
	fynetheme.SizeNameCaptionText:    12,
	fynetheme.SizeNameSubHeadingText: 15,
	fynetheme.SizeNameHeadingText:    20,
	SizeLead:                         15,
	SizeTitle:                        20,
	SizeFigure:                       28,
}

var fixed = map[fyne.ThemeSizeName]float32{
	fynetheme.SizeNamePadding:            Gap,
	fynetheme.SizeNameInnerPadding:       Gap2,
	fynetheme.SizeNameLineSpacing:        Gap,
	fynetheme.SizeNameInlineIcon:         18,
	fynetheme.SizeNameInputRadius:        Rounded,
	fynetheme.SizeNameSelectionRadius:    Rounded,
	fynetheme.SizeNameScrollBar:          10,
	fynetheme.SizeNameScrollBarSmall:     3,
	fynetheme.SizeNameScrollBarRadius:    4,
	fynetheme.SizeNameInputBorder:        1,
	fynetheme.SizeNameSeparatorThickness: 1,
}

var (
	regular  = fyne.NewStaticResource("TouchstoneSans-Regular.otf", assets.SansRegular)
	semiBold = fyne.NewStaticResource("TouchstoneSans-SemiBold.otf", assets.SansSemiBold)
)

// Sizes that depend on the density.
const (
	SizeRow  fyne.ThemeSizeName = "touchstone.row"  // the height of a row of results
	SizeTile fyne.ThemeSizeName = "touchstone.tile" // the picture in it
)

var (
	comfortable = map[fyne.ThemeSizeName]float32{SizeRow: 60, SizeTile: 44}
	compact     = map[fyne.ThemeSizeName]float32{SizeRow: 46, SizeTile: 34}
)

type look struct {
	mode    Mode
	text    float32
	density map[fyne.ThemeSizeName]float32
}

// New makes the theme. Text is a factor on every text size: 1 is the design's,
// more is larger; 0 counts as 1.
func New(mode Mode, text float32) fyne.Theme {
	if text == 0 {
		text = 1
	}
	return &look{mode: mode, text: text, density: comfortable}
}

// Compact is New with more rows on a screen.
func Compact(mode Mode, text float32) fyne.Theme {
	l := New(mode, text).(*look)
	l.density = compact
	return l
}

func (l *look) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	colours, text := light, lightText
	if l.mode == Dark || l.mode == System && variant == fynetheme.VariantDark {
		colours, text = dark, darkText
	}
	if name == fynetheme.ColorNameForeground {
		return text
	}
	if c, ok := colours[name]; ok {
		return c
	}
	return fynetheme.DefaultTheme().Color(name, variant)
}

func (l *look) Font(style fyne.TextStyle) fyne.Resource {
	switch {
	case style.Monospace, style.Symbol:
		return fynetheme.DefaultTheme().Font(style)
	case style.Bold:
		return semiBold
	}
	return regular
}

func (l *look) Icon(name fyne.ThemeIconName) fyne.Resource {
	// The toolkit draws a box that is not ticked as faintly as the border of a field;
	// but the box has no more than its border to be seen by.
	if name == fynetheme.IconNameCheckButton {
		return Icon("box", ColorMuted)
	}
	return fynetheme.DefaultTheme().Icon(name)
}

func (l *look) Size(name fyne.ThemeSizeName) float32 {
	if s, ok := sizes[name]; ok {
		return s * l.text
	}
	if s, ok := fixed[name]; ok {
		return s
	}
	if s, ok := l.density[name]; ok {
		return s * max(l.text, 1) // rows grow with their text
	}
	return fynetheme.DefaultTheme().Size(name)
}

// IsDark says whether a variant of the desktop is the dark one.
func IsDark(variant fyne.ThemeVariant) bool { return variant == fynetheme.VariantDark }

// Lead is the theme of the app with body text in the lead size and more room
// around it: Fyne's Entry has no text size of its own.
func Lead() fyne.Theme { return leadTheme{} }

type leadTheme struct{}

func current() fyne.Theme { return fyne.CurrentApp().Settings().Theme() }

func (leadTheme) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	return current().Color(name, variant)
}
func (leadTheme) Font(style fyne.TextStyle) fyne.Resource    { return current().Font(style) }
func (leadTheme) Icon(name fyne.ThemeIconName) fyne.Resource { return current().Icon(name) }
func (leadTheme) Size(name fyne.ThemeSizeName) float32 {
	switch name {
	case fynetheme.SizeNameText:
		name = SizeLead
	case fynetheme.SizeNameInnerPadding:
		return Gap3
	case fynetheme.SizeNameInlineIcon:
		return 1.2 * current().Size(SizeLead) // as high as the line
	}
	return current().Size(name)
}
