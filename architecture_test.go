package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// arrows says which of Touchstone's folders each folder may import: main → ui,
// cli → engine/workbench → engine/* → engine. A name ending in /... stands for
// the folder and everything below it. docs/design.md draws the same picture.
var arrows = map[string][]string{
	".":                {"ui", "ui/theme", "ui/locale", "cli", "engine/workbench", "engine/bert", "engine", "storage", "assets", "diagnosis"},
	"assets":           {},
	"assets/...":       {"engine/bert"},
	"cli/serve":        {"engine", "engine/workbench"},
	"cli":              {"cli/serve", "engine", "engine/workbench", "engine/bert", "engine/exchange", "assets"},
	"ui":               {"engine", "engine/workbench", "ui/...", "assets", "docs"},
	"diagnosis":        {},
	"docs":             {},
	"ui/locale":        {"assets"},
	"ui/theme":         {"assets"},
	"ui/golden":        {},
	"ui/widgets":       {"engine", "ui/theme"},
	"storage":          {"engine", "engine/workbench"},
	"bench/search":     {"bench/electronics", "bench/machine", "bench/peer", "engine/...", "engine", "storage", "assets", "ui"}, // it types in the window
	"bench/ui":         {"bench/machine", "engine", "engine/bert", "engine/workbench", "storage", "assets", "ui"},               // it opens the window
	"bench/...":        {"bench/electronics", "bench/machine", "bench/peer", "engine/...", "engine", "storage", "assets", "assets/..."},
	"engine":           {},
	"engine/kernel":    {},
	"engine/text":      {"engine", "engine/text/hanzi"},
	"engine/text/...":  {},
	"engine/model":     {"engine"},
	"engine/measure":   {"engine"},
	"engine/clicks":    {"engine"},
	"engine/compare":   {"engine", "engine/measure"},
	"engine/picture":   {"engine"},
	"engine/report":    {"engine", "engine/compare", "engine/measure"},
	"engine/exchange":  {"engine", "engine/model"},
	"engine/bert":      {"engine", "engine/kernel", "engine/text/wordpiece"},
	"engine/retrieve":  {"engine", "engine/kernel", "engine/text"},
	"engine/rules":     {"engine", "engine/text/hanzi"},
	"engine/rank":      {"engine", "engine/text", "engine/model"},
	"engine/learn":     {"engine", "engine/measure", "engine/model"},
	"engine/learn/...": {"engine", "engine/measure"},
	"engine/workbench": {"engine", "engine/..."},

	"engine/remote":                       {"engine"},
	"engine/remote/weaviate":              {"engine", "engine/remote", "engine/retrieve"},
	"engine/remote/weaviate/weaviatetest": {"engine"},
}

// foreign says who alone may import a library that belongs behind one wall.
var foreign = map[string][]string{
	"go.etcd.io/bbolt":             {"storage"},
	"fyne.io/fyne/v2":              {"ui", "."},
	"github.com/nlpodyssey":        {"engine/bert", "engine/learn"},
	"github.com/alecthomas/kong":   {"cli"},
	"github.com/xuri/excelize/v2":  {"engine/exchange", "engine/report"},
	"github.com/go-ego/gse":        {"engine/text"},
	"github.com/blevesearch/bleve": {"engine/text", "bench/search/bleve"},

	"github.com/weaviate":           {"engine/remote/weaviate", "bench/weaviate"}, // the peer of the bench is the client itself
	"google.golang.org/grpc":        {"engine/remote/weaviate"},
	"github.com/opensearch-project": {"engine/remote"},
	"github.com/elastic":            {"engine/remote"},
	"github.com/zalando/go-keyring": {"engine/remote"},
}

func TestArrowsPointOneWay(t *testing.T) {
	imported := 0
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && file != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if d.IsDir() || filepath.Ext(file) != ".go" {
			return nil
		}
		folder := path.Dir(filepath.ToSlash(file))
		// A test may reach for the real parts around its package.
		test := strings.HasSuffix(file, "_test.go")
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range f.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if to, ok := strings.CutPrefix(name, "touchstone/"); ok {
				imported++
				if !test && !allowed(folder, to) {
					t.Errorf("%s imports %s: that arrow points the wrong way (see arrows in this test)", file, name)
				}
			}
			for library, homes := range foreign {
				if (name == library || strings.HasPrefix(name, library+"/")) && !slices.ContainsFunc(homes, func(h string) bool { return within(folder, h) }) {
					t.Errorf("%s imports %s, which only %v may", file, name, homes)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if imported == 0 {
		t.Fatal("no imports read: the test looks at the wrong folder")
	}
}

// allowed reports whether folder may import to: by its own row of arrows, or
// else by the row of the nearest folder above it that ends in /... .
func allowed(folder, to string) bool {
	targets, ok := arrows[folder]
	for up := folder; !ok && up != "."; up = path.Dir(up) {
		targets, ok = arrows[up+"/..."]
	}
	return slices.ContainsFunc(targets, func(target string) bool {
		if base, tree := strings.CutSuffix(target, "/..."); tree {
			return strings.HasPrefix(to, base+"/")
		}
		return to == target
	})
}

func within(folder, home string) bool {
	return folder == home || home != "." && strings.HasPrefix(folder, home+"/")
}

// TestEveryPackageSaysWhatItIsFor holds that each folder of Go files has a
// package comment.
func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	documented := map[string]bool{}
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(file) != ".go" || strings.HasSuffix(file, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.PackageClauseOnly|parser.ParseComments)
		if err != nil {
			return err
		}
		folder := filepath.Dir(file)
		documented[folder] = documented[folder] || f.Doc != nil
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for folder, ok := range documented {
		if !ok {
			t.Errorf("%s has no package comment: say what it is for and what it must not know", folder)
		}
	}
}
