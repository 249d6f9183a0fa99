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
func willNeed(b []byte) { advise(b, unix.MADV_WILLNEED) }

// notNeeded tells that mapped memory of the file will not be read soon: its pages
// count no more as this program's, and stay in the system's cache. Reading them
// again is safe.
func notNeeded(b []byte) { advise(b[:uintptr(len(b))&^pageMask], unix.MADV_DONTNEED) }

func advise(b []byte, advice int) {
	if len(b) == 0 {
		return
	}
	skip := -uintptr(unsafe.Pointer(&b[0])) & pageMask
	if skip < uintptr(len(b)) {
		_ = unix.Madvise(b[skip:], advice)
	}
}
