package bert

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"unsafe"

	"github.com/nlpodyssey/safetensors"
	"github.com/x448/float16"
)

// tensor is a weight as it stands in a file: little-endian, row after row.
type tensor struct {
	dtype safetensors.DType // F32, F16, BF16 or I8
	shape []int
	data  []byte

	// Of I8: a value is its integer times the scale of its row and, unless
	// columns is nil, that of its column.
	scale, columns []float32
}

// width is the length of a row: the last dimension.
func (t *tensor) width() int { return t.shape[len(t.shape)-1] }

// row decodes row i into dst, whose length is width.
func (t *tensor) row(dst []float32, i int) {
	switch at := i * len(dst); t.dtype {
	case safetensors.F32:
		data := t.data[4*at:][:4*len(dst)]
		for j := range dst {
			dst[j] = math.Float32frombits(binary.LittleEndian.Uint32(data[4*j:]))
		}
	case safetensors.F16:
		data := t.data[2*at:][:2*len(dst)]
		for j := range dst {
			dst[j] = float16.Frombits(binary.LittleEndian.Uint16(data[2*j:])).Float32()
		}
	case safetensors.BF16:
		data := t.data[2*at:][:2*len(dst)]
		for j := range dst {
			dst[j] = math.Float32frombits(uint32(binary.LittleEndian.Uint16(data[2*j:])) << 16)
		}
	case safetensors.I8:
		scale := t.scale[i]
		for j, q := range t.integers()[at:][:len(dst)] {
			dst[j] = float32(q) * scale
		}
		if t.columns != nil {
			for j, c := range t.columns {
				dst[j] *= c
			}
		}
	}
}

// integers are the values of an I8 tensor, without copying.
func (t *tensor) integers() []int8 {
	return unsafe.Slice((*int8)(unsafe.Pointer(unsafe.SliceData(t.data))), len(t.data))
}

// values decodes the whole tensor.
func (t *tensor) values() []float32 {
	n := t.width()
	size := 1
	for _, d := range t.shape {
		size *= d
	}
	dst := make([]float32, size)
	for at := 0; at < size; at += n {
		t.row(dst[at:at+n], at/n)
	}
	return dst
}

// tensors are a model's weights by canonical name.
type tensors map[string]*tensor

// get returns the tensor of a name, which must have the given shape.
func (t tensors) get(name string, shape ...int) (*tensor, error) {
	w, ok := t[name]
	if !ok {
		return nil, fmt.Errorf("tensor %q is missing", name)
	}
	if !slices.Equal(w.shape, shape) {
		return nil, fmt.Errorf("tensor %q has shape %v: config.json asks for %v", name, w.shape, shape)
	}
	switch w.dtype {
	case safetensors.F32, safetensors.F16, safetensors.BF16:
	case safetensors.I8:
		if w.scale == nil {
			return nil, fmt.Errorf("tensor %q is I8 and has no scales in %q", name, name+scaleSuffix)
		}
	default:
		return nil, fmt.Errorf("tensor %q is of type %s: only F32, F16, BF16 and I8 with scales are supported", name, w.dtype)
	}
	return w, nil
}
