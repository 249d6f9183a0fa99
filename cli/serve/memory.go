package serve

import (
	"os"
	"runtime"
	"runtime/debug"
)

// garbage is how many bytes of what requests leave behind may be waiting to be
// collected. Of a small catalogue the memory in use is little, and to collect for
// each quarter of it, as the window does, which shares its machine with a
// person's other work, is every few dozen searches. A service has its machine
// for itself.
const garbage = 128 << 20

// spareCollections has the runtime collect once there is that much garbage, if
// that is less often than it would. A GOGC of the environment says otherwise, and
// a GOMEMLIMIT is kept.
func spareCollections() {
	if os.Getenv("GOGC") != "" {
		return
	}
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	usual := debug.SetGCPercent(100)
	debug.SetGCPercent(max(usual, int(garbage*100/max(1, m.HeapAlloc))))
}
