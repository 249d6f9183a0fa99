package storage

import (
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"time"

	"touchstone/engine/workbench"
)

// lockTimeout is how long Open waits for another program to let go of the file,
// twice: once to look at it, once to open it.
const lockTimeout = 450 * time.Millisecond

// The lock itself is the operating system's, on the workspace file, and dies
// with its holder. holderFile only says who that is, for the message in another
// program; a stale one that a crash left is never read while no one holds the
// lock, and the next holder writes over it.
func holderFile(path string) string {
	return filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".open")
}

// announce writes who has the workspace open. A folder that refuses the file
// costs only the name in another program's message.
func announce(path string) {
	name := "someone"
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	host, err := os.Hostname()
	if err != nil {
		host = "this computer"
	}
	who := fmt.Sprintf("%s on %s, process %d, since %s", name, host, os.Getpid(), time.Now().Format("2006-01-02 15:04"))
	_ = os.WriteFile(holderFile(path), []byte(who), 0o644)
}

func unannounce(path string) {
	_ = os.Remove(holderFile(path))
}

// inUse is the error for a file that another program holds.
func inUse(path string) error {
	f, err := os.Open(holderFile(path))
	if err != nil {
		return &workbench.InUseError{}
	}
	defer f.Close()
	b := make([]byte, 200)
	n, _ := f.Read(b)
	who := strings.Map(func(r rune) rune {
		if r < ' ' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(string(b[:n]), ""))
	return &workbench.InUseError{Who: who}
}
