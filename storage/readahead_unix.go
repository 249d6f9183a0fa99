//go:build linux || darwin || freebsd || netbsd || openbsd

package storage

import (
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

var pageMask = uintptr(os.Getpagesize() - 1)

// willNeed has the system read mapped memory in one go. It is advice: nothing
// depends on it being taken.
func willNeed(b []byte) {
	if len(b) == 0 {
		return
	}
	start := unsafe.Pointer(&b[0])
	before := uintptr(start) & pageMask // the call wants whole pages
	_ = unix.Madvise(unsafe.Slice((*byte)(unsafe.Add(start, -int(before))), len(b)+int(before)), unix.MADV_WILLNEED)
}
