package main

import (
	"bufio"
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/licensecheck"
)

// systems are those that Touchstone is built for; each links modules of its own.
var systems = []string{"linux/amd64", "linux/arm64", "darwin/arm64", "windows/amd64"}

// buildTags are the Makefile's.
const buildTags = "migrated_fynedo,no_animations"

// module is one module that is linked into the program.
type module struct {
	path, version, folder, sum string
	licences                   []licence
}

// licence is one licence text of a module.
type licence struct {
	file string // in the module's folder
	id   string // of the SPDX list; "" where the text is not known
	text string
}

// sure is how much of a text must be a known licence for it to be that one, in
// per cent: the rest is names and years.
const sure = 75

// linked lists the modules by path. A module without a licence is an error.
func linked() ([]module, error) {
	byPath := map[string]module{}
	for _, system := range systems {
		goos, goarch, _ := strings.Cut(system, "/")
		cmd := exec.Command("go", "list", "-deps", "-tags", buildTags,
			"-f", "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Version}}\t{{.Dir}}\t{{.Sum}}{{end}}{{end}}", "touchstone")
		cmd.Env = append(os.Environ(), "GOOS="+goos, "GOARCH="+goarch, "CGO_ENABLED=1")
		var errs bytes.Buffer
		cmd.Stderr = &errs
		out, err := cmd.Output()
		if err != nil {
			return nil, fmt.Errorf("listing the modules for %s: %w\n%s", system, err, errs.String())
		}
		lines := bufio.NewScanner(bytes.NewReader(out))
		for lines.Scan() {
			if part := strings.Split(lines.Text(), "\t"); len(part) == 4 {
				byPath[part[0]] = module{path: part[0], version: part[1], folder: part[2], sum: part[3]}
			}
		}
	}
	modules := slices.SortedFunc(maps.Values(byPath), func(a, b module) int { return cmp.Compare(a.path, b.path) })
	for i := range modules {
		m := &modules[i]
		if err := m.readLicences(); err != nil {
			return nil, fmt.Errorf("%s: %w", m.path, err)
		}
		if len(m.licences) == 0 {
			return nil, fmt.Errorf("%s has no licence: it cannot be linked into what is given away", m.path)
		}
	}
	return modules, nil
}

// readLicences reads the licence texts in the module's folder.
func (m *module) readLicences() error {
	entries, err := os.ReadDir(m.folder)
	if err != nil {
		return err
	}
	for _, e := range entries {
		name := strings.ToUpper(e.Name())
		if e.IsDir() || !slices.ContainsFunc([]string{"LICENSE", "LICENCE", "COPYING", "UNLICENSE"}, func(p string) bool { return strings.HasPrefix(name, p) }) || filepath.Ext(name) == ".GO" {
			continue
		}
		text, err := os.ReadFile(filepath.Join(m.folder, e.Name()))
		if err != nil {
			return err
		}
		l := licence{file: e.Name(), text: string(text)}
		if found := licensecheck.Scan(text); found.Percent >= sure && len(found.Match) > 0 {
			l.id = found.Match[0].ID
		}
		m.licences = append(m.licences, l)
	}
	return nil
}

// ids are the licences of a module as one word.
func (m *module) ids() string {
	var ids []string
	for _, l := range m.licences {
		id := l.id
		if id == "" {
			id = "see " + l.file
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return strings.Join(ids, ", ")
}
