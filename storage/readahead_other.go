//go:build !(linux || darwin || freebsd || netbsd || openbsd)

package storage

func willNeed([]byte) {}

func notNeeded([]byte) {}
