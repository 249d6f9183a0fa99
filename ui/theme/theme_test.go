package theme

import (
	"image/color"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
)

// luminance and contrast are WCAG 2.2's, "relative luminance" and "contrast ratio".
func luminance(c color.NRGBA) float64 {
	linear := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

func contrast(a, b color.NRGBA) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func TestTextIsReadableOnEveryBackground(t *testing.T) {
	const enough = 4.5 // WCAG 2.2, success criterion 1.4.3, level AA
	pages := []fyne.ThemeColorName{fynetheme.ColorNameBackground, ColorSurface, ColorRow, fynetheme.ColorNameOverlayBackground, ColorAlert}
	pairs := map[fyne.ThemeColorName][]fyne.ThemeColorName{
		fynetheme.ColorNameForeground:          append(pages, fynetheme.ColorNameButton, fynetheme.ColorNameInputBackground, fynetheme.ColorNameSelection, ColorMark),
		ColorAccentText:                        pages,
		fynetheme.ColorNameError:               pages,
		fynetheme.ColorNamePlaceHolder:         {fynetheme.ColorNameInputBackground},
		fynetheme.ColorNameForegroundOnPrimary: {fynetheme.ColorNamePrimary},
	}
	pairs[ColorRise] = append(pages[:len(pages):len(pages)], ColorRiseSoft)
	pairs[ColorFall] = append(pages[:len(pages):len(pages)], ColorFallSoft)
	pairs[ColorMuted] = append(pages[:len(pages):len(pages)], ColorTrackSoft, fynetheme.ColorNameSelection)
	for g := range 4 {
		pairs[ColorOnGrade(g)] = []fyne.ThemeColorName{ColorGrade(g)}
	}
	for name, p := range map[string]palette{"light": light, "dark": dark} {
		for text, backgrounds := range pairs {
			for _, background := range backgrounds {
				if got := contrast(p[text], p[background]); got < enough {
					t.Errorf("%s: %s on %s has contrast %.2f, want %.1f or more", name, text, background, got, enough)
				}
			}
		}
	}
}

// Grades must differ in lightness alone, as someone sees them who tells no
// colours apart.
func TestGradesDifferWithoutColour(t *testing.T) {
	for name, p := range map[string]palette{"light": light, "dark": dark} {
		for g := range 3 {
			lower, higher := p[ColorGrade(g)], p[ColorGrade(g+1)]
			step := contrast(lower, higher)
			if luminance(lower) <= luminance(higher) {
				t.Errorf("%s: grade %d is not lighter than grade %d", name, g, g+1)
			}
			// 0 and 1 also differ in hue, grey and blue, which no common form of
			// colour blindness takes away.
			if g > 0 && step < 1.5 {
				t.Errorf("%s: grades %d and %d differ by contrast %.2f only", name, g, g+1, step)
			}
		}
	}
}

func TestBothPalettesHaveTheSameNames(t *testing.T) {
	for name := range light {
		if _, ok := dark[name]; !ok {
			t.Errorf("dark lacks %s", name)
		}
	}
	if len(light) != len(dark) {
		t.Errorf("light has %d colours, dark %d", len(light), len(dark))
	}
}

func TestModeDecidesThePalette(t *testing.T) {
	cases := []struct {
		mode    Mode
		variant fyne.ThemeVariant
		want    palette
	}{
		{System, fynetheme.VariantLight, light},
		{System, fynetheme.VariantDark, dark},
		{Light, fynetheme.VariantDark, light},
		{Dark, fynetheme.VariantLight, dark},
	}
	for _, c := range cases {
		if got := New(c.mode, 1).Color(ColorSurface, c.variant); got != c.want[ColorSurface] {
			t.Errorf("mode %s, variant %d: surface is %v, want %v", c.mode, c.variant, got, c.want[ColorSurface])
		}
	}
}

func TestTextGrowsAndSpacesStay(t *testing.T) {
	plain, large := New(Light, 1), New(Light, 1.5)
	if got, want := large.Size(SizeFigure), 1.5*plain.Size(SizeFigure); got != want {
		t.Errorf("figure is %v, want %v", got, want)
	}
	if got, want := large.Size(fynetheme.SizeNamePadding), plain.Size(fynetheme.SizeNamePadding); got != want {
		t.Errorf("padding is %v, want %v", got, want)
	}
}
