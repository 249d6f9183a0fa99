package storage

import (
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

// forget drops a file from the page cache, so that the next read is the disk's.
func forget(tb testing.TB, path string) {
	f, err := os.Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	if err := unix.Fadvise(int(f.Fd()), 0, 0, unix.FADV_DONTNEED); err != nil {
		tb.Fatal(err)
	}
}
