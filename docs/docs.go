// Package docs is the pages of the guide, in the program's languages, for the
// app's Help. It knows nothing of how they are shown.
package docs

import (
	"embed"
	"path"
)

//go:embed guide*.md glossary.md zh pictures/guide-*.png pictures/ndcg.png
var files embed.FS

// Page is the Markdown of a page in a language, "en" or "zh".
func Page(language, name string) (string, error) {
	if language != "en" {
		name = language + "/" + name
	}
	b, err := files.ReadFile(name + ".md")
	return string(b), err
}

// Picture is a PNG file that a page shows, by its path there.
func Picture(link string) ([]byte, error) { return files.ReadFile("pictures/" + path.Base(link)) }
