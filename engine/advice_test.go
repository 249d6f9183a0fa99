package engine_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
	"testing"

	"touchstone/engine"
)

func TestAdvice(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{&fs.PathError{Op: "open", Path: "shop.csv", Err: syscall.ENOENT}, "check the path"},
		{fmt.Errorf("opening: %w: check the path, or make one", fs.ErrNotExist), ""}, // it says so already
		{fmt.Errorf("saving: %w", syscall.ENOSPC), "free some space and try again"},
		{&os.LinkError{Op: "rename", Old: "a", New: "b", Err: syscall.EACCES}, "choose a file or folder that you may use, or have its permissions changed"},
		{errors.New("two grades are called \"fine\""), ""},
	} {
		if got := engine.Advice(c.err); got != c.want {
			t.Errorf("%v: %q, want %q", c.err, got, c.want)
		}
	}
}

func TestAmong(t *testing.T) {
	for _, c := range []struct {
		names []string
		want  string
	}{
		{nil, "there is none yet: make one"},
		{[]string{"main"}, "there is only main"},
		{[]string{"main", "off"}, "choose among main and off"},
		{[]string{"bm25", "cosine", "default"}, "choose among bm25, cosine and default"},
	} {
		if got := engine.Among(c.names, "make one"); got != c.want {
			t.Errorf("%q: %q, want %q", c.names, got, c.want)
		}
	}
}
