package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"go.etcd.io/bbolt"
)

// Backup copies the workspace as it stands into a new file at dst, which is a
// workspace itself. It refuses a path at which anything exists, and leaves
// nothing there when it fails or ctx ends. The workspace can be used meanwhile.
func (w *Workspace) Backup(ctx context.Context, dst string) error {
	return w.named(fmt.Sprintf("backing up to %s", dst), w.backup(ctx, dst))
}

func (w *Workspace) backup(ctx context.Context, dst string) error {
	return publish(dst, func(tmp *os.File) error {
		var size int64
		out := stoppable{ctx: ctx, w: tmp}
		err := w.view(func(tx *bbolt.Tx) (err error) {
			size, err = tx.WriteTo(&out)
			return err
		})
		if out.err != nil {
			return out.err // of which bbolt keeps only the text
		} else if err != nil {
			return err
		}
		// A copy whose pages cannot be followed would be found out too late.
		return checkPages(ctx, tmp, size, w.pageSize, nil)
	})
}

// backupBeside makes a backup beside the workspace, named after the reason for
// it, and returns its path. A name that is taken gets a number.
func (w *Workspace) backupBeside(ctx context.Context, reason string) (string, error) {
	for n := 1; ; n++ {
		dst := fmt.Sprintf("%s.%s.backup", w.path, reason)
		if n > 1 {
			dst = fmt.Sprintf("%s.%s-%d.backup", w.path, reason, n)
		}
		if err := w.backup(ctx, dst); !errors.Is(err, fs.ErrExist) {
			return dst, err
		}
	}
}

// stoppable is a writer that fails once ctx has ended, and keeps the error.
type stoppable struct {
	ctx context.Context
	w   io.Writer
	err error
}

func (s *stoppable) Write(b []byte) (n int, err error) {
	if err = s.ctx.Err(); err == nil {
		n, err = s.w.Write(b)
	}
	s.err = err
	return n, err
}
