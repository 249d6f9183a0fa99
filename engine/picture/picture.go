// Package picture makes thumbnails of the pictures that products name: files of
// one folder, and, where a person allowed it, addresses on the web. It trusts
// neither: what is read is bounded in bytes, pixels and time, and no file
// outside of the folder is opened. It knows nothing of workspaces or screens.
package picture

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"net/http"
	"time"

	"golang.org/x/image/draw"
	"golang.org/x/image/webp"
)

// Bounds of what is looked at.
const (
	MaxBytes  = 8 << 20          // of a file or an answer
	MaxPixels = 24_000_000       // of a picture, as it is stored; 96 MB when it is decoded
	MaxSide   = 20_000           // pixels
	MaxTime   = 10 * time.Second // from asking to the thumbnail
)

var (
	// ErrNone says that there is nothing to show: the product names no picture,
	// or one on the web where that is not allowed.
	ErrNone = errors.New("no picture")
	// ErrTooLarge says that a bound was passed.
	ErrTooLarge = errors.New("the picture is too large")
	// ErrOutside says that a file lies outside of the folder.
	ErrOutside = errors.New("the picture lies outside of the folder of pictures")
)

// decode reads a JPEG, PNG, GIF or WebP and scales it down to fit a square of
// side pixels, on white. A picture's size is known before it is decoded, so that
// a small file that unpacks to a huge one is refused; reading ends with ctx.
func decode(ctx context.Context, r io.Reader, side int) (image.Image, error) {
	data, err := io.ReadAll(io.LimitReader(timed{ctx, r}, MaxBytes+1))
	if err != nil {
		return nil, err
	}
	if len(data) > MaxBytes {
		return nil, fmt.Errorf("%w: more than %d MB", ErrTooLarge, MaxBytes>>20)
	}
	form, err := formOf(data)
	if err != nil {
		return nil, err
	}
	size, err := form.config(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	w, h := size.Width, size.Height
	switch {
	case w <= 0 || h <= 0:
		return nil, errors.New("the picture is empty")
	case w > MaxSide || h > MaxSide || w*h > MaxPixels:
		return nil, fmt.Errorf("%w: %d × %d pixels", ErrTooLarge, w, h)
	}
	full, err := form.decode(timed{ctx, bytes.NewReader(data)})
	if err != nil {
		return nil, err
	}
	return scale(full, side), nil
}

// form is how a kind of picture is read.
type form struct {
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}

// forms are those that are read, by content type. Nothing else is, whatever
// other packages register with package image.
var forms = map[string]form{
	"image/jpeg": {jpeg.DecodeConfig, jpeg.Decode},
	"image/png":  {png.DecodeConfig, png.Decode},
	"image/gif":  {gif.DecodeConfig, gif.Decode}, // its first frame
	"image/webp": {webp.DecodeConfig, webp.Decode},
}

func formOf(data []byte) (form, error) {
	kind := http.DetectContentType(data)
	f, ok := forms[kind]
	if !ok {
		return form{}, fmt.Errorf("it is no JPEG, PNG, GIF or WebP picture, but %s", kind)
	}
	return f, nil
}

// scale fits a picture into a square, smaller ones stay as they are.
func scale(full image.Image, side int) image.Image {
	w, h := full.Bounds().Dx(), full.Bounds().Dy()
	if long := max(w, h); long > side {
		w, h = max(w*side/long, 1), max(h*side/long, 1)
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(out, out.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.CatmullRom.Scale(out, out.Bounds(), full, full.Bounds(), draw.Over, nil)
	return out
}

// timed reads until ctx ends, a little at a time: some decoders work long on a
// few bytes, such as a JPEG of a million empty scans.
type timed struct {
	ctx context.Context
	r   io.Reader
}

func (t timed) Read(p []byte) (int, error) {
	if err := t.ctx.Err(); err != nil {
		return 0, err
	}
	const little = 512
	return t.r.Read(p[:min(len(p), little)])
}
