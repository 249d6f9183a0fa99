package retrieve

import (
	"runtime"

	"golang.org/x/sys/unix"
)

// politeness is how nice the threads of gentle work are: beside a thread that
// draws they get a tenth of a processor, and all of one that is idle.
const politeness = 10

// gently makes the rest of the calling goroutine give way to every other thread of
// this machine. Its thread ends with it: who was made nice cannot go back.
func gently() {
	runtime.LockOSThread()
	// Where the system refuses, the work is done all the same, only less politely.
	_ = unix.Setpriority(unix.PRIO_PROCESS, unix.Gettid(), politeness)
}
