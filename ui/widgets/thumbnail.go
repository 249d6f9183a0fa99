package widgets

import (
	"hash/fnv"
	"image"
	"image/color"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/ui/theme"
)

// ThumbnailSize is the side of a thumbnail in a list.
const ThumbnailSize = 44

// Thumbnail is a product's picture, on white as shops show theirs, or, where
// there is none, a tile in a tint of its category with the category's first
// letter, so that a page that mixes categories shows it at a glance.
type Thumbnail struct {
	widget.BaseWidget
	category string
	picture  image.Image // nil for none
}

// NewThumbnail makes a tile.
func NewThumbnail() *Thumbnail {
	t := &Thumbnail{}
	t.ExtendBaseWidget(t)
	return t
}

// Set changes the category.
func (t *Thumbnail) Set(category string) {
	if category != t.category {
		t.category = category
		t.Refresh()
	}
}

// SetPicture shows a picture in place of the letter, nil the letter again.
func (t *Thumbnail) SetPicture(picture image.Image) {
	if picture != t.picture {
		t.picture = picture
		t.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (t *Thumbnail) CreateRenderer() fyne.WidgetRenderer {
	r := &thumbnailRenderer{t: t, tile: canvas.NewRectangle(nil), letter: canvas.NewText("", nil), picture: canvas.NewImageFromImage(nil)}
	r.tile.CornerRadius, r.picture.CornerRadius = theme.Rounded, theme.Rounded
	r.picture.FillMode = canvas.ImageFillContain
	r.letter.Alignment = fyne.TextAlignCenter
	r.letter.TextStyle.Bold = true
	r.Refresh()
	return r
}

type thumbnailRenderer struct {
	t       *Thumbnail
	tile    *canvas.Rectangle
	letter  *canvas.Text
	picture *canvas.Image
}

func (r *thumbnailRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.tile, r.letter, r.picture}
}
func (r *thumbnailRenderer) Destroy()           {}
func (r *thumbnailRenderer) MinSize() fyne.Size { return fyne.NewSquareSize(ThumbnailSize) }

func (r *thumbnailRenderer) Layout(size fyne.Size) {
	r.tile.Resize(size)
	r.picture.Resize(size)
	// The letter grows with the tile.
	r.letter.TextSize = fynetheme.SizeForWidget(theme.SizeLead, r.t) * max(size.Height/ThumbnailSize, 1)
	height := r.letter.MinSize().Height
	r.letter.Move(fyne.NewPos(0, (size.Height-height)/2))
	r.letter.Resize(fyne.NewSize(size.Width, height))
}

func (r *thumbnailRenderer) Refresh() {
	tint := hue(r.t.category)
	r.tile.FillColor = blend(fynetheme.ColorForWidget(theme.ColorTrack, r.t), tint, 0.22)
	r.letter.Color = blend(fynetheme.ColorForWidget(fynetheme.ColorNameForeground, r.t), tint, 0.4)
	r.letter.Text = initial(r.t.category)
	shown := r.t.picture != nil
	r.letter.Hidden, r.picture.Hidden = shown, !shown
	r.tile.StrokeWidth = 0
	if shown {
		// A picture keeps its white in the dark, and a line around it in the light.
		r.tile.FillColor = color.White
		r.tile.StrokeColor, r.tile.StrokeWidth = fynetheme.ColorForWidget(fynetheme.ColorNameSeparator, r.t), 1
	}
	if r.picture.Image != r.t.picture {
		r.picture.Image = r.t.picture
		r.picture.Refresh()
	}
	r.Layout(r.t.Size())
	r.tile.Refresh()
	r.letter.Refresh()
}

// initial is the first letter of the last part of a category path, which says
// more than the first: "Electronics > Headphones" gives H.
func initial(category string) string {
	if i := strings.LastIndexAny(category, ">/|"); i >= 0 && i+1 < len(category) {
		category = category[i+1:]
	}
	category = strings.TrimLeftFunc(category, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	first, size := utf8.DecodeRuneInString(category)
	if size == 0 {
		return ""
	}
	return string(unicode.ToUpper(first))
}

// hue is a middling colour that depends on the text alone.
func hue(text string) color.NRGBA {
	h := fnv.New32a()
	h.Write([]byte(strings.ToLower(text)))
	angle := float64(h.Sum32()%360) / 60
	wave := func(shift float64) uint8 {
		x := math.Mod(angle+shift, 6)
		return uint8(70 + 130*min(max(math.Abs(x-3)-1, 0), 1))
	}
	return color.NRGBA{R: wave(0), G: wave(4), B: wave(2), A: 0xff}
}

// blend mixes share of b, 0 to 1, into a.
func blend(a, b color.Color, share float64) color.NRGBA {
	x, y := color.NRGBAModel.Convert(a).(color.NRGBA), color.NRGBAModel.Convert(b).(color.NRGBA)
	mix := func(p, q uint8) uint8 { return uint8(math.Round(float64(p)*(1-share) + float64(q)*share)) }
	return color.NRGBA{R: mix(x.R, y.R), G: mix(x.G, y.G), B: mix(x.B, y.B), A: 0xff}
}
