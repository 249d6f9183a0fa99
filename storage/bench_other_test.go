//go:build !linux

package storage

import "testing"

func forget(tb testing.TB, _ string) { tb.Skip("-cold needs Linux") }
