package ui

import (
	"image/color"
	"strconv"
	"strings"

	"touchstone/engine"
	"touchstone/ui/theme"
)

// gradeColours are the colours of a scale's grades, nil where the theme's serve.
func gradeColours(scale engine.Scale) []color.Color {
	fills := make([]color.Color, len(scale))
	for g, label := range scale {
		switch rgb, err := strconv.ParseUint(strings.TrimPrefix(label.Colour, "#"), 16, 24); {
		case label.Colour != "" && err == nil:
			fills[g] = color.NRGBA{R: uint8(rgb >> 16), G: uint8(rgb >> 8), B: uint8(rgb), A: 0xff}
		case len(scale) != len(engine.DefaultScale()):
			fills[g] = theme.Step(g, len(scale))
		}
	}
	return fills
}
