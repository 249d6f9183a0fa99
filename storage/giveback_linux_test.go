package storage

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// mapped is how much of a file counts as this process's memory, in bytes.
func mapped(t *testing.T, path string) int64 {
	t.Helper()
	f, err := os.Open("/proc/self/smaps")
	if err != nil {
		t.Skip("this system does not tell what is mapped: ", err)
	}
	defer f.Close()
	var sum int64
	ours := false
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		line := lines.Text()
		if fields := strings.Fields(line); len(fields) > 4 && strings.Contains(fields[0], "-") {
			ours = strings.HasSuffix(line, " "+path)
		}
		var kb int64
		if _, err := fmt.Sscanf(line, "Rss: %d kB", &kb); err == nil && ours {
			sum += kb * 1024
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return sum
}

// Whoever reads products all over a large file does not hold the file for good.
func TestWhatWasReadIsGivenBack(t *testing.T) {
	w := newWorkspace(t)
	fill(t, w, 20_000, 0)
	info, err := os.Stat(w.path)
	if err != nil {
		t.Fatal(err)
	}
	end := time.Now().Add(30 * time.Second)
	for mapped(t, w.path) < info.Size()/5 { // some may be given back while others are read
		for i := range 1000 {
			if _, found, err := w.ProductAt(uint32(i * 7919 % 20_000)); err != nil || !found {
				t.Fatal(found, err)
			}
		}
		if time.Now().After(end) {
			t.Fatalf("%d of %d bytes are held: this test sees nothing of them", mapped(t, w.path), info.Size())
		}
	}
	// It is soon, with whatever else the machine does.
	for end = time.Now().Add(30 * time.Second); mapped(t, w.path) > info.Size()/10; time.Sleep(beforeGivingBack / 10) {
		if time.Now().After(end) {
			t.Fatalf("%d of %d bytes are still held", mapped(t, w.path), info.Size())
		}
	}
	if _, found, err := w.ProductAt(7); err != nil || !found {
		t.Error("read again:", found, err)
	}
}
