package storage

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
)

// replace gives path the content that write makes, in one step: whoever looks,
// even after a crash, finds the old file or the whole new one. The permissions
// stay.
func replace(path string, write func(tmp *os.File) error, ready func() error) error {
	return beside(path, write, func(tmp string) error {
		mode := fs.FileMode(0o644)
		if info, err := os.Stat(path); err == nil {
			mode = info.Mode().Perm()
		}
		if err := errors.Join(os.Chmod(tmp, mode), ready()); err != nil {
			return err
		}
		return os.Rename(tmp, path)
	})
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
