package wordpiece

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// shared is the folder of models and golden files outside the repository.
const shared = "../../../../shared"

// readShared skips the test where the shared folder is absent.
func readShared(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(shared, name))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("%s is not here: the golden files live outside the repository", name)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestParity holds every token id of the golden files that Hugging Face's
// tokenizers wrote.
func TestParity(t *testing.T) {
	cased := DefaultConfig()
	cased.LowerCase, cased.StripAccents = false, false
	for _, c := range []struct {
		model  string
		config Config
		maxLen int
	}{
		{"all-MiniLM-L6-v2", DefaultConfig(), 256},
		{"bge-small-zh-v1.5", DefaultConfig(), 512},
		{"tiny-bert-chinese", cased, 512},
	} {
		t.Run(c.model, func(t *testing.T) {
			tokenizer, err := New(readShared(t, "models/"+c.model+"/vocab.txt"), c.config)
			if err != nil {
				t.Fatal(err)
			}
			f, err := os.Open(filepath.Join(shared, "parity", c.model+".jsonl.gz"))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			unzipped, err := gzip.NewReader(f)
			if err != nil {
				t.Fatal(err)
			}
			rows := 0
			for in := json.NewDecoder(unzipped); ; rows++ {
				var row struct {
					Text string  `json:"text"`
					IDs  []int32 `json:"ids"`
				}
				if err := in.Decode(&row); err == io.EOF {
					break
				} else if err != nil {
					t.Fatal(err)
				}
				if got := tokenizer.Encode(nil, row.Text, c.maxLen); !slices.Equal(got, row.IDs) {
					t.Errorf("row %d %q:\n got %v\nwant %v", rows+1, row.Text, got, row.IDs)
				}
			}
			if rows == 0 {
				t.Fatal("no rows read")
			}
			t.Logf("%d rows equal", rows)
		})
	}
}
