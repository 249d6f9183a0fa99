package workbench

import (
	"touchstone/engine"
	"touchstone/engine/exchange"
)

// Preview is what an import would make of a file, for a person to look at before
// anything is read in.
type Preview struct {
	File     string
	Fields   []engine.Field      // every column with the role it would get
	Examples map[string][]string // up to three different values of each column
	Products []engine.Product    // the first ones
	Problems []RowProblem        // among the rows of these
	Notes    []string            // how the file is read, in plain sentences
}

// PreviewCatalogue reads the first n products of a file. mapping gives columns
// their roles where the guess is wrong, as for Import.
func PreviewCatalogue(file string, mapping map[string]engine.Role, n int) (*Preview, error) {
	read, err := exchange.PreviewCatalogue(file, exchange.CatalogueOptions{Mapping: mapping}, n)
	if err != nil {
		return nil, err
	}
	p := &Preview{File: file, Fields: read.Fields, Examples: read.Examples, Products: read.Products, Notes: read.Notes}
	for _, problem := range read.Problems {
		p.Problems = append(p.Problems, RowProblem{File: problem.File, Line: problem.Line, What: problem.What})
	}
	return p, nil
}
