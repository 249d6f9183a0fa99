package assets

import (
	"embed"
	"io/fs"
)

//go:embed sample/en sample/zh
var samples embed.FS

// Sample returns the sample shop of a language, "en" or "zh", as a folder:
// products.jsonl (the catalogue), queries.csv (query, information_need) and
// judgments.csv (query, docid, rating 0 to 3). The folder of any other language
// is empty. sample/README.md says how they were written.
func Sample(language string) fs.FS {
	if language != "en" && language != "zh" {
		return embed.FS{}
	}
	folder, err := fs.Sub(samples, "sample/"+language)
	if err != nil {
		panic(err) // only an ill-formed path gets here
	}
	return folder
}
