package storage

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// replace gives path the content that write makes, in one step: whoever looks,
// even after a crash, finds the old file or the whole new one. The permissions
// stay.
func replace(path string, write func(tmp *os.File) error, ready func() error) (err error) {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".touchstone-*.tmp")
	if err != nil {
		return err
	}
	defer func() {
		tmp.Close()
		if err != nil {
			os.Remove(tmp.Name())
		}
	}()
	if err := write(tmp); err != nil {
		return err
	}
	mode := fs.FileMode(0o644)
	if info, err := os.Stat(path); err == nil {
		mode = info.Mode().Perm()
	}
	if err := errors.Join(tmp.Sync(), tmp.Close(), os.Chmod(tmp.Name(), mode), ready()); err != nil {
		return err
	}
	if err := os.Rename(tmp.Name(), path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// copyFile writes the bytes of a file, until ctx ends.
func copyFile(ctx context.Context, to io.Writer, from string) error {
	f, err := os.Open(from)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(&stoppable{ctx: ctx, w: to}, f)
	return err
}
