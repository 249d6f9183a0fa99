//go:build !linux

package retrieve

// gently does nothing: only Linux has priorities of single threads that Go reaches
// without C.
func gently() {}
