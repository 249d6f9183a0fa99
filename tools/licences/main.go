// Licences writes the licence texts of all modules that are linked into the
// program to assets/licences.txt, each text once below the modules it is for.
// It reads the module cache and knows nothing of Touchstone.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// licenceFile is the name of a file with a licence in a module's folder.
var licenceFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying|unlicense)(\.|-|$)`)

func main() {
	log.SetFlags(0)
	out := flag.String("out", "assets/licences.txt", "the `file` to write")
	flag.Parse()
	text, err := collect()
	if err == nil {
		err = os.WriteFile(*out, text, 0o644)
	}
	if err != nil {
		log.Fatal(err)
	}
}

func collect() ([]byte, error) {
	list := exec.Command("go", "list", "-tags", "migrated_fynedo,no_animations", "-deps", "-f",
		"{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Dir}}{{end}}{{end}}", ".")
	list.Stderr = os.Stderr
	lines, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("list the modules: %w", err)
	}
	var modules []string
	of := map[string][]string{} // text → modules
	var texts []string
	seen := map[string]bool{}
	for line := range strings.Lines(string(lines)) {
		name, dir, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok || seen[name] {
			continue
		}
		seen[name] = true
		modules = append(modules, name)
		text, err := licence(dir)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if of[text] == nil {
			texts = append(texts, text)
		}
		of[text] = append(of[text], name)
	}
	slices.SortFunc(texts, func(a, b string) int { return strings.Compare(of[a][0], of[b][0]) })
	var b bytes.Buffer
	fmt.Fprintf(&b, "Touchstone is linked with %d Go modules. Their licences:\n", len(modules))
	for _, text := range texts {
		slices.Sort(of[text])
		fmt.Fprintf(&b, "\n== %s\n\n%s\n", strings.Join(of[text], ", "), text)
	}
	return b.Bytes(), nil
}

// licence is the text of the licence files in a module's folder.
func licence(dir string) (string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", err
	}
	var parts []string
	for _, e := range entries {
		if e.IsDir() || !licenceFile.MatchString(e.Name()) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return "", err
		}
		parts = append(parts, strings.TrimSpace(strings.ReplaceAll(string(text), "\r\n", "\n")))
	}
	if len(parts) == 0 {
		return "", fmt.Errorf("no licence file in %s", dir)
	}
	return strings.Join(parts, "\n\n"), nil
}
