package bert

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"path"
	"strings"

	"github.com/nlpodyssey/gopickle/pickle"
	"github.com/nlpodyssey/gopickle/types"
	"github.com/nlpodyssey/safetensors"
)

// pytorchStorages are the classes of values that a pytorch_model.bin may hold,
// by their name in module torch.
var pytorchStorages = map[string]safetensors.DType{
	"FloatStorage":    safetensors.F32,
	"HalfStorage":     safetensors.F16,
	"BFloat16Storage": safetensors.BF16,
	"DoubleStorage":   safetensors.F64,
	"LongStorage":     safetensors.I64,
	"IntStorage":      safetensors.I32,
	"ShortStorage":    safetensors.I16,
	"CharStorage":     safetensors.I8,
	"ByteStorage":     safetensors.U8,
	"BoolStorage":     safetensors.BOOL,
}

// maxPickle bounds the list of tensors in a pytorch_model.bin, in bytes; that of
// a BERT with 48 layers is a fiftieth of it.
const maxPickle = 8 << 20

// addPyTorch adds the tensors of a pytorch_model.bin: a zip of a pickled
// dictionary and one file of values a storage. The pickle is read for tensors
// and can name nothing else; the values are used where they stand in b.
func (w *weights) addPyTorch(b []byte) (err error) {
	defer func() {
		// gopickle panics on some damaged input.
		if p := recover(); p != nil {
			err = fmt.Errorf("%v", p)
		}
		if err != nil {
			err = fmt.Errorf("%s: %w", pytorchFile, err)
		}
	}()
	w.sum = crc32.Update(w.sum, castagnoli, b)
	archive, err := newArchive(b)
	if err != nil {
		return err
	}
	list, err := archive.file("data.pkl")
	if err != nil {
		return err
	}
	if len(list) > maxPickle {
		return fmt.Errorf("its list of tensors has %d bytes: at most %d are read", len(list), maxPickle)
	}
	u := pickle.NewUnpickler(&pickleReader{Reader: bytes.NewReader(list)})
	u.FindClass = findClass
	u.PersistentLoad = archive.storage
	root, err := u.Load()
	if err != nil {
		return fmt.Errorf("its list of tensors is damaged or holds more than tensors: %w", err)
	}
	found := 0
	each := func(key, value any) error {
		name, named := key.(string)
		t, ok := value.(*tensor)
		if !named || !ok {
			return nil
		}
		found++
		return w.add(pytorchFile, name, t)
	}
	switch dict := root.(type) {
	case *types.OrderedDict:
		for e := dict.List.Front(); e != nil; e = e.Next() {
			entry := e.Value.(*types.OrderedDictEntry)
			if err := each(entry.Key, entry.Value); err != nil {
				return err
			}
		}
	case *types.Dict:
		for _, entry := range *dict {
			if err := each(entry.Key, entry.Value); err != nil {
				return err
			}
		}
	}
	if found == 0 {
		return errors.New("it holds no dictionary of tensors")
	}
	return nil
}

// archive is the zip of a pytorch_model.bin.
type archive struct {
	bytes []byte
	files map[string]*zip.File // by what follows the folder that all are in
}

func newArchive(b []byte) (*archive, error) {
	r, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, fmt.Errorf("truncated, damaged, or written by PyTorch before 1.6: %w; save it again as %s", err, safetensorsFile)
	}
	a := &archive{bytes: b, files: map[string]*zip.File{}}
	for _, f := range r.File {
		_, name, _ := strings.Cut(path.Clean(f.Name), "/")
		a.files[name] = f
	}
	return a, nil
}

// file is the content of a file, which must not be compressed: PyTorch never
// does, and so no file can be larger than the archive.
func (a *archive) file(name string) ([]byte, error) {
	f := a.files[name]
	if f == nil {
		return nil, fmt.Errorf("the archive has no %s", name)
	}
	offset, err := f.DataOffset()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	size := f.UncompressedSize64
	if f.Method != zip.Store || f.CompressedSize64 != size || size > uint64(len(a.bytes)) || uint64(offset) > uint64(len(a.bytes))-size {
		return nil, fmt.Errorf("%s is compressed or truncated", name)
	}
	content := a.bytes[offset:][:size]
	if crc32.ChecksumIEEE(content) != f.CRC32 {
		return nil, fmt.Errorf("%s is damaged: its checksum is wrong", name)
	}
	return content, nil
}

// storage is a run of values in the archive, which tensors are views of.
type storage struct {
	dtype safetensors.DType
	data  []byte
}

// storage resolves the pickle's references: ("storage", class, file, device, size).
func (a *archive) storage(id any) (any, error) {
	tuple, ok := id.(*types.Tuple)
	if !ok || tuple.Len() != 5 || tuple.Get(0) != "storage" {
		return nil, fmt.Errorf("an unknown kind of reference: %v", id)
	}
	dtype, isClass := tuple.Get(1).(safetensors.DType)
	key, isKey := tuple.Get(2).(string)
	if !isClass || !isKey {
		return nil, fmt.Errorf("an unknown kind of storage: %v", id)
	}
	data, err := a.file("data/" + key)
	if err != nil {
		return nil, err
	}
	return &storage{dtype, data}, nil
}

// findClass resolves the names that a pickled dictionary of tensors needs.
func findClass(module, name string) (any, error) {
	if dtype, ok := pytorchStorages[name]; ok && module == "torch" {
		return dtype, nil
	}
	switch module + "." + name {
	case "torch._utils._rebuild_tensor_v2":
		return call(rebuildTensor), nil
	case "torch._utils._rebuild_parameter":
		return call(func(args ...any) (any, error) { return args[0], nil }), nil
	}
	return nil, fmt.Errorf("it names %s.%s", module, name)
}

// call is a function that a pickle may call.
type call func(args ...any) (any, error)

func (c call) Call(args ...any) (any, error) { return c(args...) }

// rebuildTensor makes a tensor of (storage, offset, shape, strides, …), offset
// and strides in values. The values must stand row after row.
func rebuildTensor(args ...any) (any, error) {
	if len(args) < 4 {
		return nil, errors.New("a tensor without storage, offset, shape and strides")
	}
	s, isStorage := args[0].(*storage)
	offset, isInt := args[1].(int)
	shape, err1 := integers(args[2])
	strides, err2 := integers(args[3])
	if !isStorage || !isInt || err1 != nil || err2 != nil || len(shape) != len(strides) || offset < 0 {
		return nil, fmt.Errorf("a tensor with an unknown layout: %v", args[1:4])
	}
	size, width := 1, int(s.dtype.Size())
	limit := len(s.data) / width
	for i := len(shape) - 1; i >= 0; i-- {
		if shape[i] < 1 || shape[i] > limit/size {
			return nil, fmt.Errorf("a tensor of shape %v in a storage of %d values", shape, limit)
		}
		if shape[i] > 1 && strides[i] != size {
			return nil, fmt.Errorf("a tensor of shape %v with strides %v, not row after row", shape, strides)
		}
		size *= shape[i]
	}
	if offset > limit-size {
		return nil, fmt.Errorf("a tensor of shape %v at %d in a storage of %d values", shape, offset, limit)
	}
	return &tensor{dtype: s.dtype, shape: shape, data: s.data[offset*width:][:size*width]}, nil
}

// integers takes a tuple of whole numbers.
func integers(tuple any) ([]int, error) {
	t, ok := tuple.(*types.Tuple)
	if !ok {
		return nil, fmt.Errorf("%v is no tuple", tuple)
	}
	var numbers []int
	for _, v := range *t {
		n, ok := v.(int)
		if !ok {
			return nil, fmt.Errorf("%v is no whole number", v)
		}
		numbers = append(numbers, n)
	}
	return numbers, nil
}

// pickleReader refuses lengths beyond the end of a pickle, for which gopickle
// would ask for memory before it reads.
type pickleReader struct {
	*bytes.Reader
	last byte // read singly: the opcode, when an argument of several bytes follows
}

func (r *pickleReader) ReadByte() (byte, error) {
	b, err := r.Reader.ReadByte()
	r.last = b
	return b, err
}

func (r *pickleReader) Read(p []byte) (int, error) {
	n, err := io.ReadFull(r.Reader, p)
	switch {
	case len(p) == 8 && r.last >= 0x8d: // BINUNICODE8 and what else came with protocol 4
		return 0, errors.New("its pickle is of protocol 4 or later; PyTorch writes 2")
	case len(p) == 4 && strings.IndexByte("XBT\x8b", r.last) >= 0 && int64(binary.LittleEndian.Uint32(p)) > int64(r.Len()):
		return 0, io.ErrUnexpectedEOF
	}
	return n, err
}
