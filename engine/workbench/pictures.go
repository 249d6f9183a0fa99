package workbench

import (
	"context"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"sync"

	"touchstone/engine"
	"touchstone/engine/picture"
)

// PictureSettings say where pictures of products come from.
type PictureSettings struct {
	// Folder is where files are looked for, as products name them or called like
	// their IDs; "" for none. The first import of products that name files sets it
	// to the folder of the catalogue.
	Folder string `json:"folder,omitempty"`
	// Web allows to fetch pictures whose addresses products name. It is off until
	// a person turns it on.
	Web bool `json:"web,omitempty"`
}

// pictures makes the thumbnails of a workspace.
type pictures struct {
	mu    sync.Mutex
	album *picture.Album
	of    PictureSettings // that the album was made for
}

// ErrNoPicture says that there is no picture of a product to look for.
var ErrNoPicture = picture.ErrNone

// Pictures says where pictures come from.
func (b *Bench) Pictures() PictureSettings { return b.store.Settings().Pictures }

// SetPictures chooses it. The folder must be there.
func (b *Bench) SetPictures(p PictureSettings) error {
	if p.Folder != "" {
		full, err := filepath.Abs(p.Folder)
		if err != nil {
			return err
		}
		if info, err := os.Stat(full); err != nil {
			return fmt.Errorf("the folder of pictures: %w", err)
		} else if !info.IsDir() {
			return fmt.Errorf("the folder of pictures: %s is a file", full)
		}
		p.Folder = full
	}
	settings := b.store.Settings()
	settings.Pictures = p
	return b.store.PutSettings(settings)
}

// Thumbnail is the picture of a product, scaled to fit a square of side pixels:
// ErrNoPicture where there is none to look for. It may take seconds.
func (b *Bench) Thumbnail(ctx context.Context, p *engine.Product, side int) (image.Image, error) {
	album, err := b.album()
	if err != nil {
		return nil, err
	}
	return album.Thumbnail(ctx, p, side)
}

func (b *Bench) album() (*picture.Album, error) {
	p := b.Pictures()
	b.pictures.mu.Lock()
	defer b.pictures.mu.Unlock()
	if b.pictures.album == nil || b.pictures.of != p {
		cache, err := picture.CacheFolder()
		if err != nil {
			return nil, fmt.Errorf("pictures need a place to be kept: %w", err)
		}
		b.pictures.album, b.pictures.of = picture.Open(picture.Options{Folder: p.Folder, Web: p.Web, Cache: cache}), p
	}
	return b.pictures.album, nil
}

// namesAddress says that a product's picture lies on the web.
func namesAddress(p *engine.Product) bool { return picture.IsAddress(p.Image) }

// namesFile says that a product's picture is a file.
func namesFile(p *engine.Product) bool { return p.Image != "" && !picture.IsAddress(p.Image) }
