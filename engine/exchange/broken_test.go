package exchange

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

var large = flag.Int("large", 2, "MB of the catalogue of TestBrokenRows")

// TestBrokenRows reads a catalogue in which one row of a hundred is broken: the
// rest is read, and each broken row is listed with its line. -large 100 is the
// bar of docs/reliability.md.
func TestBrokenRows(t *testing.T) {
	for _, c := range []struct {
		name, head, whole string
		broken            []string
	}{
		{"catalogue.csv", "id,title,brand,description,price\n", "p%d,Desk lamp %[1]d,Aurelia,\"Bright, of steel, with an arm that stays where it is put and a cable of two metres\",49.90\n",
			[]string{"p%d,Desk lamp,too,many,49.90,columns,here\n", "only %d\n"}},
		{"catalogue.jsonl", "", "{\"id\":\"p%d\",\"title\":\"Desk lamp %[1]d\",\"brand\":\"Aurelia\",\"description\":\"Bright, of steel, with an arm that stays where it is put\",\"price\":49.9}\n",
			[]string{"{\"id\":\"p%d\",\"title\":\n", "no JSON at all %d\n", "[%d]\n"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), c.name)
			f, err := os.Create(path)
			if err != nil {
				t.Fatal(err)
			}
			w := bufio.NewWriter(f)
			line, size, whole := 1, 0, 0
			if c.head != "" {
				fmt.Fprint(w, c.head)
				line++
			}
			var broken []int
			for ; size < *large<<20; line++ {
				row := c.whole
				if line%100 == 50 {
					row = c.broken[len(broken)%len(c.broken)]
					broken = append(broken, line)
				} else {
					whole++
				}
				n, err := fmt.Fprintf(w, row, line)
				if err != nil {
					t.Fatal(err)
				}
				size += n
			}
			if err := errors.Join(w.Flush(), f.Close()); err != nil {
				t.Fatal(err)
			}
			catalogue, err := OpenCatalogue(path, CatalogueOptions{})
			if err != nil {
				t.Fatal(err)
			}
			defer catalogue.Close()
			read := 0
			for {
				if _, err := catalogue.Next(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					t.Fatal(err)
				}
				read++
			}
			listed := map[int]bool{}
			for _, p := range catalogue.Problems() {
				listed[p.Line] = true
			}
			if read != whole || len(listed) != len(broken) || catalogue.Skipped() != len(broken) {
				t.Errorf("read %d of %d rows, listed %d and skipped %d of %d broken ones; the first problems: %v",
					read, whole, len(listed), catalogue.Skipped(), len(broken), catalogue.Problems()[:min(3, len(listed))])
			}
			for _, line := range broken {
				if !listed[line] {
					t.Fatalf("broken line %d is not listed", line)
				}
			}
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			t.Logf("%.0f MB: %d rows read, %d broken ones listed, %d MB of memory from the system", float64(size)/1e6, read, len(broken), m.Sys>>20)
		})
	}
}
