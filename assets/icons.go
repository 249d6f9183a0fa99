package assets

import "embed"

//go:embed icons/*.svg
var icons embed.FS

// AppIcon is the program's icon, a PNG of 512 × 512 made from icons/app.svg.
//
//go:embed icons/app.png
var AppIcon []byte

// Icon returns the SVG file of a drawn icon, such as "search"; nil when there is
// none of that name. Icons are 24 × 24, black lines of 1.75 with round ends, so
// that a theme can give them its own colour.
func Icon(name string) []byte {
	b, err := icons.ReadFile("icons/" + name + ".svg")
	if err != nil {
		return nil
	}
	return b
}
