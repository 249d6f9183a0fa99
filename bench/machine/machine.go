// Package machine says on which machine a benchmark ran. It knows nothing of
// what is measured.
package machine

import (
	"fmt"
	"os"
	"runtime"
	"strings"
)

// Name is the machine in a line: its processor, where the system tells it, or
// else its architecture; the system; and how many processors it has.
func Name() string {
	return fmt.Sprintf("%s, %s, %d processors", processor(), runtime.GOOS, runtime.NumCPU())
}

func processor() string {
	b, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	for line := range strings.Lines(string(b)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}
