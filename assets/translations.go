package assets

import (
	"embed"
	"io/fs"
)

//go:embed translations
var translations embed.FS

// Translations returns the files of a language, "zh", each a JSON object of the
// English text and its translation: one file an area of the program.
func Translations(language string) ([][]byte, error) {
	names, err := fs.Glob(translations, "translations/"+language+"/*.json")
	if err != nil {
		return nil, err
	}
	var files [][]byte
	for _, name := range names {
		b, err := translations.ReadFile(name)
		if err != nil {
			return nil, err
		}
		files = append(files, b)
	}
	return files, nil
}
