//go:build linux || darwin || freebsd || netbsd || openbsd

package storage

import (
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

var pageMask = uintptr(os.Getpagesize() - 1)

// willNeed has the system read mapped memory in one go, from its first whole
// page on. It is advice: nothing depends on it being taken.
func willNeed(b []byte) {
	if len(b) == 0 {
		return
	}
	skip := -uintptr(unsafe.Pointer(&b[0])) & pageMask
	if skip < uintptr(len(b)) {
		_ = unix.Madvise(b[skip:], unix.MADV_WILLNEED)
	}
}
