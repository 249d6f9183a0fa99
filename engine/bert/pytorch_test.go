package bert

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

// TestPyTorch holds that the pickled weights of tiny-bert-chinese are those of
// its safetensors file, and that damage is refused.
func TestPyTorch(t *testing.T) {
	folder := filepath.Join(shared, "models/tiny-bert-chinese")
	b, err := os.ReadFile(filepath.Join(folder, pytorchFile))
	skipAbsent(t, err)
	pickled := fstest.MapFS{pytorchFile: {Data: b}}
	for _, name := range []string{"config.json", "vocab.txt", "tokenizer_config.json"} {
		data, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		pickled[name] = &fstest.MapFile{Data: data}
	}
	want := mustEncode(t, openShared(t, "tiny-bert-chinese", Options{Pooling: Pooler}), "手机", "wireless mouse")
	got := mustEncode(t, mustOpen(t, pickled, Options{Pooling: Pooler}), "手机", "wireless mouse")
	for i := range want {
		if d := distance(got[i], want[i]); d != 0 {
			t.Errorf("vector %d is off by %g", i, d)
		}
	}
	for _, n := range []int{0, 10, len(b) / 2, len(b) - 1} {
		if _, err := Open(with(pickled, pytorchFile, b[:n:n]), Options{}); err == nil || !strings.Contains(err.Error(), pytorchFile) {
			t.Errorf("cut to %d bytes: error %v, want one that names the file", n, err)
		}
	}
	flipped := bytes.Clone(b)
	flipped[len(b)/2] ^= 1
	if _, err := Open(with(pickled, pytorchFile, flipped), Options{}); err == nil || !strings.Contains(err.Error(), "checksum") {
		t.Errorf("a flipped bit: error %v, want one about the checksum", err)
	}
}

// zipOf is a pytorch_model.bin of a pickle and one storage.
func zipOf(t testing.TB, method uint16, list string, values []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, file := range []struct {
		name string
		data []byte
	}{{"m/data.pkl", []byte(list)}, {"m/data/0", values}} {
		f, err := w.CreateHeader(&zip.FileHeader{Name: file.name, Method: method})
		if err == nil {
			_, err = f.Write(file.data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// pickledTensor is a dictionary with one tensor "x" of shape (columns), as
// PyTorch pickles it.
func pickledTensor(columns, stride, offset int) string {
	return "\x80\x02}X\x01\x00\x00\x00xctorch._utils\n_rebuild_tensor_v2\n((X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpuK\x04tQ" +
		fmt.Sprintf("I%d\n(I%d\nt(I%d\nt\x89)tRs.", offset, columns, stride)
}

func TestPyTorchLists(t *testing.T) {
	values := make([]byte, 16)
	for _, c := range []struct {
		name string
		bin  []byte
		want string // in the error; "" for none
	}{
		{"a tensor", zipOf(t, zip.Store, pickledTensor(4, 1, 0), values), ""},
		{"compressed", zipOf(t, zip.Deflate, pickledTensor(4, 1, 0), values), "compressed"},
		{"beyond its storage", zipOf(t, zip.Store, pickledTensor(4, 1, 1), values), "storage of 4 values"},
		{"too long", zipOf(t, zip.Store, pickledTensor(5, 1, 0), values), "storage of 4 values"},
		{"strided", zipOf(t, zip.Store, pickledTensor(2, 2, 0), values), "not row after row"},
		{"a call of something else", zipOf(t, zip.Store, "\x80\x02cos\nsystem\nX\x02\x00\x00\x00ls\x85R.", values), "it names os.system"},
		{"no dictionary", zipOf(t, zip.Store, "\x80\x02K\x01.", values), "no dictionary of tensors"},
		{"a length beyond its end", zipOf(t, zip.Store, "\x80\x02X\xff\xff\xff\xff", values), "unexpected EOF"},
		{"a length of eight bytes", zipOf(t, zip.Store, "\x80\x04\x8d\xff\xff\xff\xff\xff\x00\x00\x00", values), "protocol 4"},
	} {
		w := weights{tensors: tensors{}}
		err := w.addPyTorch(c.bin)
		if c.want == "" && (err != nil || len(w.tensors) != 1) || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %d tensors, error %v, want one with %q", c.name, len(w.tensors), err, c.want)
		}
	}
}

// FuzzPyTorch fuzzes the pickled list inside a valid archive.
func FuzzPyTorch(f *testing.F) {
	f.Add(pickledTensor(4, 1, 0))
	f.Fuzz(func(t *testing.T, list string) {
		w := weights{tensors: tensors{}}
		if err := w.addPyTorch(zipOf(t, zip.Store, list, make([]byte, 16))); err != nil {
			return
		}
		checkTensors(t, w.tensors)
	})
}
