package picture

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

const (
	cacheBytes    = 200 << 20           // of thumbnails on disk
	cacheKeeps    = 30 * 24 * time.Hour // a picture may change behind its address
	cacheEnding   = ".jpg"
	cacheQuality  = 88
	cacheFreed    = cacheBytes / 10 // what is made free at once, so that not every new one looks through the folder
	cacheReadable = 0o700           // what was looked at is no one else's business
)

// CacheFolder is where thumbnails of this person are kept.
func CacheFolder() (string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "touchstone", "pictures"), nil
}

// cache keeps thumbnails as JPEG files of a folder, the newest up to a size.
type cache struct {
	dir   string // "" keeps nothing
	limit int64

	mu   sync.Mutex
	size int64 // bytes of all files; −1 before they were counted
}

func newCache(dir string) *cache { return &cache{dir: dir, limit: cacheBytes, size: -1} }

// keyOf names the thumbnail of a source as it is now.
func keyOf(source, state string, side int) string {
	return fmt.Sprintf("%x", sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%d", source, state, side)))
}

func (c *cache) file(key string) string { return filepath.Join(c.dir, key+cacheEnding) }

// get reads a thumbnail. What cannot be read is made anew.
func (c *cache) get(key string) (image.Image, bool) {
	if c.dir == "" {
		return nil, false
	}
	f, err := os.Open(c.file(key))
	if err != nil {
		return nil, false
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || time.Since(info.ModTime()) > cacheKeeps {
		return nil, false
	}
	img, err := jpeg.Decode(f)
	return img, err == nil
}

// put keeps a thumbnail. Its file is there whole or not at all.
func (c *cache) put(key string, img image.Image) error {
	if c.dir == "" {
		return nil
	}
	if err := os.MkdirAll(c.dir, cacheReadable); err != nil {
		return err
	}
	f, err := os.CreateTemp(c.dir, "new-*")
	if err != nil {
		return err
	}
	err = jpeg.Encode(f, img, &jpeg.Options{Quality: cacheQuality})
	written, seekErr := f.Seek(0, io.SeekEnd)
	if err = errors.Join(err, seekErr, f.Close()); err == nil {
		err = os.Rename(f.Name(), c.file(key))
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return c.grown(written)
}

// grown counts a new file, and drops the oldest where there is too much.
func (c *cache) grown(by int64) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.size >= 0 {
		c.size += by
	}
	if c.size >= 0 && c.size <= c.limit {
		return nil
	}
	entries, err := os.ReadDir(c.dir)
	if err != nil {
		return err
	}
	var files []fs.FileInfo
	c.size = 0
	for _, e := range entries {
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() { // else it has just gone
			files = append(files, info)
			c.size += info.Size()
		}
	}
	if c.size <= c.limit {
		return nil
	}
	slices.SortFunc(files, func(a, b fs.FileInfo) int { return cmp.Compare(a.ModTime().UnixNano(), b.ModTime().UnixNano()) })
	for _, f := range files {
		if c.size <= c.limit-min(cacheFreed, c.limit/10) {
			break
		}
		if err := os.Remove(filepath.Join(c.dir, f.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		c.size -= f.Size()
	}
	return nil
}
