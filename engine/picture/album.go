package picture

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"touchstone/engine"
)

// Options say where pictures come from.
type Options struct {
	Folder string // files are read from here and below; "" for none
	Web    bool   // pictures may be fetched from the web
	Cache  string // the folder that keeps thumbnails; "" keeps none
}

// Album makes the thumbnails of a catalogue. It is safe for concurrent use.
type Album struct {
	options Options
	cache   *cache
	web     web
	decodes chan struct{} // one picture is decoded at a time: each may need 96 MB

	mu     sync.Mutex
	failed map[string]failure // by address
}

// failure is why an address gave nothing, and when to ask again.
type failure struct {
	err   error
	until time.Time
}

const (
	askAgain      = 10 * time.Minute // after a failure
	failuresKnown = 10_000
)

// Open makes an album. Nothing is read before a thumbnail is asked for.
func Open(o Options) *Album {
	return &Album{options: o, cache: newCache(o.Cache), web: newWeb(), decodes: make(chan struct{}, 1), failed: map[string]failure{}}
}

// Thumbnail is the picture of a product, scaled to fit a square of side pixels.
// It is ErrNone where there is none to look for.
func (a *Album) Thumbnail(ctx context.Context, p *engine.Product, side int) (image.Image, error) {
	ctx, cancel := context.WithTimeout(ctx, MaxTime)
	defer cancel()
	img, err := a.fromFolder(ctx, p, side)
	if !errors.Is(err, ErrNone) {
		return img, err
	}
	if a.options.Web && IsAddress(p.Image) {
		return a.fromWeb(ctx, p.Image, side)
	}
	return nil, ErrNone
}

// IsAddress says that a product's picture lies on the web.
func IsAddress(picture string) bool {
	scheme, _, ok := strings.Cut(picture, "://")
	return ok && (strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https"))
}

// endings are those of pictures that are named like a product.
var endings = []string{".jpg", ".jpeg", ".png", ".webp", ".gif"}

// fromFolder looks for the file that a product names, or for one that is called
// like the end of its address or like its ID.
func (a *Album) fromFolder(ctx context.Context, p *engine.Product, side int) (image.Image, error) {
	if a.options.Folder == "" {
		return nil, ErrNone
	}
	var names []string
	if IsAddress(p.Image) {
		if u, err := url.Parse(p.Image); err == nil {
			names = append(names, path.Base(u.Path))
		}
	} else if p.Image != "" {
		name, err := a.within(p.Image)
		if err != nil {
			return nil, err
		}
		img, err := a.file(ctx, name, side)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("%s: %w", p.Image, fs.ErrNotExist)
		}
		return img, err
	}
	if !strings.ContainsAny(p.ID, `/\`) {
		for _, ending := range endings {
			names = append(names, p.ID+ending)
		}
	}
	for _, name := range names {
		if !filepath.IsLocal(name) {
			continue
		}
		if img, err := a.file(ctx, name, side); !errors.Is(err, fs.ErrNotExist) {
			return img, err
		}
	}
	return nil, ErrNone
}

// within is a file's path from the folder, as a catalogue names it.
func (a *Album) within(name string) (string, error) {
	if u, err := url.Parse(name); err == nil && strings.EqualFold(u.Scheme, "file") {
		name = u.Path
	}
	local := filepath.FromSlash(strings.ReplaceAll(name, `\`, "/"))
	if filepath.IsAbs(local) {
		var err error
		if local, err = filepath.Rel(a.options.Folder, local); err != nil {
			return "", fmt.Errorf("%s: %w", name, ErrOutside)
		}
	}
	if !filepath.IsLocal(local) {
		return "", fmt.Errorf("%s: %w", name, ErrOutside)
	}
	return local, nil
}

// file reads a file of the folder. No link leads out of it.
func (a *Album) file(ctx context.Context, name string, side int) (image.Image, error) {
	root, err := os.OpenRoot(a.options.Folder)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	info, err := root.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() { // a pipe would never end
		return nil, fmt.Errorf("%s is no file", name)
	}
	key := keyOf(filepath.Join(a.options.Folder, name), fmt.Sprint(info.Size(), info.ModTime().UnixNano()), side)
	if img, ok := a.cache.get(key); ok {
		return img, nil
	}
	f, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	img, err := a.decode(ctx, f, side)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return img, a.cache.put(key, img)
}

// fromWeb fetches a picture once. An address that gave nothing is not asked
// again for a while.
func (a *Album) fromWeb(ctx context.Context, address string, side int) (image.Image, error) {
	key := keyOf(address, "", side)
	if img, ok := a.cache.get(key); ok {
		return img, nil
	}
	a.mu.Lock()
	known, ok := a.failed[address]
	a.mu.Unlock()
	if ok && time.Now().Before(known.until) {
		return nil, known.err
	}
	img, err := a.fetch(ctx, address, side)
	if err != nil {
		err = fmt.Errorf("%s: %w", address, err)
		if ctx.Err() == nil || errors.Is(ctx.Err(), context.DeadlineExceeded) {
			a.mu.Lock()
			if len(a.failed) >= failuresKnown {
				clear(a.failed)
			}
			a.failed[address] = failure{err, time.Now().Add(askAgain)}
			a.mu.Unlock()
		}
		return nil, err
	}
	return img, a.cache.put(key, img)
}

func (a *Album) fetch(ctx context.Context, address string, side int) (image.Image, error) {
	body, err := a.web.open(ctx, address)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	return a.decode(ctx, body, side)
}

// decode is one picture at a time.
func (a *Album) decode(ctx context.Context, r io.Reader, side int) (image.Image, error) {
	select {
	case a.decodes <- struct{}{}:
		defer func() { <-a.decodes }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return decode(ctx, r, side)
}
