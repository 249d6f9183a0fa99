package ui

// #include <stdlib.h>
// #ifdef __GLIBC__
// #include <malloc.h>
// #endif
//
// static void keepFreed(int bytes) {
// #ifdef __GLIBC__ // other C libraries have heaps of their own kinds
// 	mallopt(M_TRIM_THRESHOLD, bytes);
// 	mallopt(M_TOP_PAD, bytes / 8);
// #endif
// }
import "C"

// keepForFrames is how much of what the graphics library gives back its heap
// keeps, in bytes.
const keepForFrames = 16 << 20

// Where there is no processor for graphics, Mesa takes some megabytes for each
// frame and gives them back; the C library would return them to the system and
// ask for them again, page by page, 60 times a second.
func init() { C.keepFreed(keepForFrames) }
