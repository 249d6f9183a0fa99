package ui

import (
	"context"
	"fmt"
	"image"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/software"
	fynetheme "fyne.io/fyne/v2/theme"

	"touchstone/ui/theme"
)

// Pictures draws the pictures of the guide, by their file names, from a
// workspace with products and grades.
func Pictures(ctx context.Context, b Bench, query string) (map[string]image.Image, error) {
	pic := newOffscreen(b, PictureSize, theme.Light)
	defer pic.close()
	sh := pic.shell
	sh.person.keep(b.Status().Judge)
	drawn := map[string]image.Image{}
	for _, p := range []struct {
		file string
		set  func()
	}{
		{"guide-search.png", func() { sh.search.open(query) }},
		{"guide-why.png", func() { sh.search.move(2); sh.search.inspector.choose(true) }},
		{"guide-judge.png", func() { sh.goTo(placeJudge) }},
		{"guide-compare.png", func() { sh.goTo(placeCompare) }},
	} {
		p.set()
		if err := pic.loop.settle(ctx, sh.tasks); err != nil {
			return nil, fmt.Errorf("draw %s: %w", p.file, err)
		}
		drawn[p.file] = pic.canvas.Capture()
	}
	drawn["ndcg.png"] = ndcgPicture()
	return drawn, nil
}

// ndcgPicture shows what the places of a page count, and how much of that the
// grades of an example earn.
func ndcgPicture() image.Image {
	const width, height, place, most = 660, 240, 62, 180
	c := software.NewCanvas()
	c.SetPadded(false)
	back := canvas.NewRectangle(fynetheme.Color(theme.ColorSurface))
	back.Resize(fyne.NewSize(width, height))
	objects := []fyne.CanvasObject{back}
	for i, grade := range []int{3, 2, 3, 0, 1, 2, 0, 0, 1, 0} {
		x := float32(20 + i*place)
		bar := func(share float64, colour fyne.ThemeColorName) {
			r := canvas.NewRectangle(fynetheme.Color(colour))
			r.CornerRadius = 3
			h := float32(share * most)
			r.Move(fyne.NewPos(x, 20+most-h))
			r.Resize(fyne.NewSize(place-14, h))
			objects = append(objects, r)
		}
		counts := 1 / math.Log2(float64(i+2)) // Järvelin and Kekäläinen's discount
		bar(counts, theme.ColorTrack)
		bar(counts*float64(grade)/3, theme.ColorGrade(3))
		label := canvas.NewText(fmt.Sprintf("%d", i+1), fynetheme.Color(theme.ColorMuted))
		label.TextSize, label.Alignment = fynetheme.Size(fynetheme.SizeNameCaptionText), fyne.TextAlignCenter
		label.Move(fyne.NewPos(x, 20+most+8))
		label.Resize(fyne.NewSize(place-14, 16))
		objects = append(objects, label)
	}
	c.SetContent(container.NewWithoutLayout(objects...))
	c.Resize(fyne.NewSize(width, height))
	return c.Capture()
}
