package theme

import (
	"image/color"
	"math"
	"testing"
)

// seen are the three kinds of colour blindness as matrices on linear RGB at full
// severity: Machado, Oliveira and Fernandes, "A Physiologically-based Model for
// Simulation of Color Vision Deficiency", 2009.
var seen = map[string][3][3]float64{
	"protanopia":   {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
	"deuteranopia": {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
	"tritanopia":   {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
	"none":         {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
}

// lab is a colour in CIELAB (D65) as it is seen.
func lab(c color.NRGBA, m [3][3]float64) [3]float64 {
	linear := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	in := [3]float64{linear(c.R), linear(c.G), linear(c.B)}
	var rgb [3]float64
	for i := range 3 {
		for j := range 3 {
			rgb[i] += m[i][j] * in[j]
		}
		rgb[i] = min(max(rgb[i], 0), 1)
	}
	x := (0.4124*rgb[0] + 0.3576*rgb[1] + 0.1805*rgb[2]) / 0.9505
	y := 0.2126*rgb[0] + 0.7152*rgb[1] + 0.0722*rgb[2]
	z := (0.0193*rgb[0] + 0.1192*rgb[1] + 0.9505*rgb[2]) / 1.089
	f := func(t float64) float64 {
		if t > 216.0/24389 {
			return math.Cbrt(t)
		}
		return (24389.0/27*t + 16) / 116
	}
	return [3]float64{116*f(y) - 16, 500 * (f(x) - f(y)), 200 * (f(y) - f(z))}
}

// apart is the distance of two colours in CIELAB, ΔE*ab.
func apart(a, b [3]float64) float64 {
	return math.Sqrt((a[0]-b[0])*(a[0]-b[0]) + (a[1]-b[1])*(a[1]-b[1]) + (a[2]-b[2])*(a[2]-b[2]))
}

// TestColoursSurviveColourBlindness: neighbouring grades, and better and worse,
// stay well apart however colours are seen. 2.3 is just noticeable.
func TestColoursSurviveColourBlindness(t *testing.T) {
	const well = 12
	for variant, p := range map[string]palette{"light": light, "dark": dark} {
		for eyes, m := range seen {
			for g := range 3 {
				if d := apart(lab(p[ColorGrade(g)], m), lab(p[ColorGrade(g+1)], m)); d < well {
					t.Errorf("%s, %s: grades %d and %d are %.1f apart, want %v or more", variant, eyes, g, g+1, d, well)
				}
			}
			if d := apart(lab(p[ColorRise], m), lab(p[ColorFall], m)); d < well {
				t.Errorf("%s, %s: better and worse are %.1f apart, want %v or more", variant, eyes, d, well)
			}
		}
	}
}
