package storage

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
)

// publish gives a new file its name only when it is whole and on the disk:
// write fills a file beside it. It never replaces anything.
func publish(path string, write func(tmp *os.File) error) error {
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("%w: choose another name, or move that file away", fs.ErrExist)
	}
	return beside(path, write, func(tmp string) error {
		// The empty file reserves the name, which rename alone would take from
		// whoever was faster, and gets the permissions that a new file has here.
		reserved, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
		if err != nil {
			return err
		}
		info, err := reserved.Stat()
		if err = errors.Join(err, reserved.Close()); err == nil {
			err = os.Chmod(tmp, info.Mode().Perm())
		}
		if err == nil {
			err = os.Rename(tmp, path)
		}
		if err != nil {
			os.Remove(path)
		}
		return err
	})
}

// beside lets write fill a file in the folder of path. When that is whole and on
// the disk, rename gives it its name; otherwise it is removed.
func beside(path string, write func(tmp *os.File) error, rename func(tmp string) error) (err error) {
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
	if err := errors.Join(tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	if err := rename(tmp.Name()); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// syncFolder makes a new name in a folder durable, where the system can.
func syncFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil // has no such call; the name is in the journal of NTFS
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, syscall.EINVAL) {
		return err
	}
	return nil
}
