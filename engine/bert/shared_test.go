package bert

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// shared is the folder of models and golden files outside the repository.
const shared = "../../../shared"

// golden is one row of a golden file: what Hugging Face made of a text.
type golden struct {
	Text      string    `json:"text"`
	IDs       []int32   `json:"ids"`
	Embedding []float32 `json:"embedding"` // pooled and normalised; not on every row

	// Of tiny-bert-chinese, not normalised.
	CLS    []float32 `json:"cls"`
	Mean   []float32 `json:"mean"`
	Pooler []float32 `json:"pooler"`
}

// readGolden reads the golden file of a model.
func readGolden(t testing.TB, model string) []golden {
	t.Helper()
	f, err := os.Open(filepath.Join(shared, "parity", model+".jsonl.gz"))
	skipAbsent(t, err)
	defer f.Close()
	unzipped, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var rows []golden
	for in := json.NewDecoder(unzipped); ; {
		var row golden
		if err := in.Decode(&row); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	if len(rows) == 0 {
		t.Fatal("no rows read")
	}
	return rows
}

// openShared opens a model folder of the shared folder.
func openShared(t testing.TB, model string, o Options) *Model {
	t.Helper()
	folder := filepath.Join(shared, "models", model)
	_, err := os.Stat(folder)
	skipAbsent(t, err)
	o.Name = model
	m, err := Open(os.DirFS(folder), o)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// skipAbsent skips the test where the shared folder is absent.
func skipAbsent(t testing.TB, err error) {
	t.Helper()
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("%v: models and golden files live outside the repository", err)
	}
	if err != nil {
		t.Fatal(err)
	}
}
