package assets

import (
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// giveBack lets the system have the memory of a part of the program, which it
// reads from the program's file again where it is looked at.
func giveBack(part string) error {
	page := os.Getpagesize()
	before := int(uintptr(unsafe.Pointer(unsafe.StringData(part))) % uintptr(page))
	skip := (page - before) % page // the first page that is all of this part
	size := (len(part) - skip) / page * page
	if size <= 0 {
		return nil
	}
	return unix.Madvise(unsafe.Slice(unsafe.StringData(part[skip:]), size), unix.MADV_DONTNEED)
}
