package ui

// #include <malloc.h>
import "C"

// keepForFrames is how much of what the graphics library gives back its heap
// keeps, in bytes.
const keepForFrames = 16 << 20

// Where there is no processor for graphics, Mesa takes some megabytes for each
// frame and gives them back; the C library would return them to the system and
// ask for them again, page by page, 60 times a second.
func init() {
	C.mallopt(C.M_TRIM_THRESHOLD, keepForFrames)
	C.mallopt(C.M_TOP_PAD, keepForFrames/8)
}
