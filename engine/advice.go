package engine

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"
)

// Advice is the next step after an error that the operating system gave, "" for
// every other: those say themselves what to do.
func Advice(err error) string {
	said := err.Error()
	for _, a := range []struct {
		of     error
		advice string
		known  string // part of messages that say it already
	}{
		{syscall.ENOSPC, "free some space and try again", "free some space"},
		{syscall.EROFS, "nothing can be written there: choose another folder", "written"},
		{fs.ErrPermission, "choose a file or folder that you may use, or have its permissions changed", "permissions"},
		{fs.ErrNotExist, "check the path", "check the path"},
		{syscall.ENOTDIR, "check the path", "check the path"},
		{syscall.EISDIR, "it is a folder: name a file", "name a"},
		{syscall.EADDRINUSE, "another program listens there: stop it, or choose another port", "port"},
		{syscall.EIO, "the disk or the share does not answer: see whether it is still there, then try again", "share"},
		{syscall.ESTALE, "the disk or the share does not answer: see whether it is still there, then try again", "share"},
		{syscall.EMFILE, "too many files are open: close other windows, then try again", "close"},
		{os.ErrDeadlineExceeded, "it took too long: try again", "try again"},
		{context.DeadlineExceeded, "it took too long: try again", "try again"},
	} {
		if errors.Is(err, a.of) && !strings.Contains(said, a.known) {
			return a.advice
		}
	}
	return ""
}

// WithAdvice is an error with the next step behind it, where Advice knows one.
func WithAdvice(err error) error {
	if next := Advice(err); next != "" {
		return fmt.Errorf("%w; %s", err, next)
	}
	return err
}

// Among says which names there are, for an error about one that is not among
// them; next is what to do where there is none.
func Among[S ~string](names []S, next string) string {
	if len(names) == 0 {
		return fmt.Sprintf("there is none yet: %s", next)
	}
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = string(n)
	}
	if len(quoted) == 1 {
		return fmt.Sprintf("there is only %s", quoted[0])
	}
	last := len(quoted) - 1
	return fmt.Sprintf("choose among %s and %s", strings.Join(quoted[:last], ", "), quoted[last])
}
