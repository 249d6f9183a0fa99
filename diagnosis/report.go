package diagnosis

import (
	"bufio"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
)

// Fact is a line of the diagnostics: a name, and a number or one of the
// program's own words.
type Fact struct {
	Name  string
	Value any
}

// newestRecords is how many records of the log the diagnostics hold.
const newestRecords = 200

// Report is the text of the diagnostics. Without details it holds no word of a
// person, file, product or query, unless facts do; with them it holds the log's
// newest records and the newest crash as they are.
func (l *Log) Report(facts []Fact, details bool) (string, error) {
	var b strings.Builder
	line := func(name string, value any) { fmt.Fprintf(&b, "%s: %v\n", name, value) }
	line("system", runtime.GOOS+"/"+runtime.GOARCH)
	line("go", runtime.Version())
	line("processors", runtime.NumCPU())
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	line("memory in use, MB", m.Sys>>20)
	line("memory limit, MB", debug.SetMemoryLimit(-1)>>20)
	line("goroutines", runtime.NumGoroutine())
	for _, f := range facts {
		line(f.Name, f.Value)
	}
	crash, err := l.newestCrash()
	if err != nil {
		return "", fmt.Errorf("the newest crash report: %w", err)
	}
	if crash != "" {
		if !details {
			crash = frames(crash)
		}
		b.WriteString("\nnewest crash:\n" + crash)
	}
	b.WriteString("\nlog:\n")
	records, err := l.records()
	if err != nil {
		return "", fmt.Errorf("the log: %w", err)
	}
	for _, record := range records {
		if !details {
			record = impersonal(record)
		}
		b.WriteString(record + "\n")
	}
	return b.String(), nil
}

// records are the newest of the log, oldest first.
func (l *Log) records() ([]string, error) {
	f, err := os.Open(filepath.Join(l.folder, logFile))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var all []string
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, logSize<<20)
	for lines.Scan() {
		all = append(all, lines.Text())
		if len(all) > 2*newestRecords {
			all = slices.Delete(all, 0, newestRecords)
		}
	}
	return all[max(0, len(all)-newestRecords):], lines.Err()
}

// ours are the strings of a record that are always the program's own.
var ours = []string{"time", "level", "msg", "version"}

// impersonal is a record without any string that is not the program's own.
func impersonal(record string) string {
	var all map[string]any
	if err := json.Unmarshal([]byte(record), &all); err != nil {
		return "(a record that cannot be read)"
	}
	maps.DeleteFunc(all, func(name string, value any) bool {
		switch value.(type) {
		case float64, bool:
			return false
		}
		return !slices.Contains(ours, name)
	})
	out, err := json.Marshal(all)
	if err != nil {
		return "(a record that cannot be written)"
	}
	return string(out)
}
