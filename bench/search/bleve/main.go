// Command blevepeer answers searches with bleve for bench/search: one JSON
// request a line on stdin, one JSON line on stdout.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/custom"
	"github.com/blevesearch/bleve/v2/analysis/tokenizer/whitespace"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search/query"
)

type request struct {
	Do    string   `json:"do"`
	File  string   `json:"file"`
	Name  string   `json:"name"`
	Words []string `json:"words"`
	K     int      `json:"k"`
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "blevepeer:", err)
		os.Exit(1)
	}
}

func run() error {
	out := json.NewEncoder(os.Stdout)
	if err := out.Encode("bleve v2.6.3 (scorch)"); err != nil {
		return err
	}
	var index bleve.Index
	in := json.NewDecoder(bufio.NewReader(os.Stdin))
	for in.More() {
		var r request
		if err := in.Decode(&r); err != nil {
			return err
		}
		var answer any
		var err error
		switch r.Do {
		case "load_words":
			if index, err = load(filepath.Join(os.Args[1], r.Name), r.File); err != nil {
				return err
			}
			n, err := index.DocCount()
			if err != nil {
				return err
			}
			answer = map[string]any{"rows": n}
		case "search_words":
			if answer, err = search(index, r); err != nil {
				return err
			}
		}
		if err := out.Encode(answer); err != nil {
			return err
		}
	}
	return nil
}

// load opens the index, or makes it of one document a line, words apart by
// spaces.
func load(path, file string) (bleve.Index, error) {
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return bleve.Open(path)
	}
	if err := os.RemoveAll(path + ".part"); err != nil {
		return nil, err
	}
	m, err := plain()
	if err != nil {
		return nil, err
	}
	index, err := bleve.New(path+".part", m)
	if err != nil {
		return nil, err
	}
	lines, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer lines.Close()
	scanner := bufio.NewScanner(lines)
	scanner.Buffer(nil, 1<<24)
	batch, n := index.NewBatch(), 0
	for scanner.Scan() {
		if err := batch.Index(strconv.Itoa(n), map[string]string{"text": scanner.Text()}); err != nil {
			return nil, err
		}
		if n++; batch.Size() == 5000 {
			if err := index.Batch(batch); err != nil {
				return nil, err
			}
			batch = index.NewBatch()
		}
	}
	if err := errors.Join(scanner.Err(), index.Batch(batch), index.Close()); err != nil {
		return nil, err
	}
	if err := os.Rename(path+".part", path); err != nil {
		return nil, err
	}
	return bleve.Open(path)
}

// plain indexes one text field, as it comes.
func plain() (mapping.IndexMapping, error) {
	m := bleve.NewIndexMapping()
	if err := m.AddCustomAnalyzer("plain", map[string]any{"type": custom.Name, "tokenizer": whitespace.Name}); err != nil {
		return nil, err
	}
	m.DefaultAnalyzer = "plain"
	m.ScoringModel = "bm25"
	field := bleve.NewTextFieldMapping()
	field.Analyzer = "plain"
	field.Store, field.IncludeTermVectors, field.IncludeInAll, field.DocValues = false, false, false, false
	document := bleve.NewDocumentStaticMapping()
	document.AddFieldMappingsAt("text", field)
	m.DefaultMapping = document
	return m, nil
}

func search(index bleve.Index, r request) (any, error) {
	start := time.Now()
	terms := make([]query.Query, len(r.Words))
	for i, w := range r.Words {
		t := bleve.NewTermQuery(w)
		t.SetField("text")
		terms[i] = t
	}
	found, err := index.Search(bleve.NewSearchRequestOptions(bleve.NewDisjunctionQuery(terms...), r.K, 0, false))
	if err != nil {
		return nil, err
	}
	took := time.Since(start)
	docs := []string{}
	for _, hit := range found.Hits {
		docs = append(docs, hit.ID)
	}
	return map[string]any{"ms": float64(took.Nanoseconds()) / 1e6, "docs": docs}, nil
}
