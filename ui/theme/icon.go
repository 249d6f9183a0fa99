package theme

import (
	"bytes"
	"fmt"
	"image/color"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"

	"touchstone/assets"
)

// icon is a drawn icon in a colour of the theme. Fyne's own themed resources
// colour areas only, and these icons are lines.
type icon struct {
	name   string
	colour fyne.ThemeColorName
}

// Icon is one of Touchstone's own icons in a colour of the theme.
func Icon(name string, colour fyne.ThemeColorName) fyne.Resource { return &icon{name, colour} }

func (i *icon) Name() string                        { return string(i.colour) + "_" + i.name + ".svg" }
func (i *icon) ThemeColorName() fyne.ThemeColorName { return i.colour }

func (i *icon) Content() []byte {
	c := color.NRGBAModel.Convert(fynetheme.Color(i.colour)).(color.NRGBA)
	return bytes.ReplaceAll(assets.Icon(i.name), []byte("#000000"), fmt.Appendf(nil, "#%02x%02x%02x", c.R, c.G, c.B))
}
