// Command gen writes the characters of package hanzi from OpenCC's table of
// traditional and simplified ones. Run it with go generate.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// source is the module that carries OpenCC's tables.
const source = "github.com/longbridgeapp/opencc@v0.3.13"

func main() {
	out := flag.String("o", "characters.txt", "the file to write")
	flag.Parse()
	if err := run(*out); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(out string) error {
	answer, err := exec.Command("go", "mod", "download", "-json", source).Output()
	if err != nil {
		return fmt.Errorf("download %s: %w", source, err)
	}
	var module struct{ Dir string }
	if err := json.Unmarshal(answer, &module); err != nil {
		return fmt.Errorf("download %s: %w", source, err)
	}
	table, err := os.ReadFile(filepath.Join(module.Dir, "dictionary", "TSCharacters.txt"))
	if err != nil {
		return err
	}
	of := map[string]string{}
	var order []string
	for line := range strings.Lines(string(table)) {
		traditional, choices, _ := strings.Cut(strings.TrimSpace(line), "\t")
		simplified, _, _ := strings.Cut(choices, " ") // the usual one is first
		if utf8.RuneCountInString(traditional) == 1 && utf8.RuneCountInString(simplified) == 1 &&
			traditional != simplified && len(traditional) == len(simplified) {
			of[traditional] = simplified
			order = append(order, traditional)
		}
	}
	var from, to strings.Builder
	for _, traditional := range order {
		simplified := of[traditional]
		for of[simplified] != "" { // 薴 is 苧, which is a traditional character too
			simplified = of[simplified]
		}
		from.WriteString(traditional)
		to.WriteString(simplified)
	}
	return os.WriteFile(out, []byte(from.String()+"\n"+to.String()+"\n"), 0o644)
}
