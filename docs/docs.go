// Package docs is the pages of the guide, in the program's languages, for the
// app's Help. It knows nothing of how they are shown.
package docs

import (
	"embed"
	"io/fs"
)

//go:embed guide*.md glossary.md zh pictures/guide-*.png pictures/ndcg.png
var files embed.FS

// Page is the Markdown of a page in a language, "en" or "zh".
func Page(language, name string) (string, error) {
	path := name + ".md"
	if language != "en" {
		path = language + "/" + path
	}
	b, err := files.ReadFile(path)
	return string(b), err
}

// Picture is a PNG file that a page shows, by its path there.
func Picture(path string) ([]byte, error) { return fs.ReadFile(files, path) }
