package assets

import (
	"embed"
	"io/fs"
	"slices"
)

//go:embed sample/en sample/zh sample/news sample/help
var samples embed.FS

// sampleNames are the samples: a shop in English and one in Chinese, news of a
// town, and the help pages of a program.
var sampleNames = []string{"en", "zh", "news", "help"}

// Sample returns a sample by its name as a folder: products.jsonl (the
// catalogue), queries.csv (query, information_need) and judgments.csv (query,
// docid, rating 0 to 3). The folder of any other name is empty. sample/README.md
// says how they were written.
func Sample(name string) fs.FS {
	if !slices.Contains(sampleNames, name) {
		return embed.FS{}
	}
	folder, err := fs.Sub(samples, "sample/"+name)
	if err != nil {
		panic(err) // only an ill-formed path gets here
	}
	return folder
}
