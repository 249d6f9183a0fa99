package retrieve

import "encoding/binary"

// strs is a list of strings as it is written: their number as a uvarint, the
// end of each as uint32, and the texts one behind another.
type strs struct {
	n    int
	ends []byte
	text []byte
}

func appendStrings(dst []byte, list []string) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(list)))
	end := 0
	for _, s := range list {
		end += len(s)
		dst = binary.LittleEndian.AppendUint32(dst, uint32(end))
	}
	for _, s := range list {
		dst = append(dst, s...)
	}
	return dst
}

// openStrings reads a list and returns what is behind it.
func openStrings(data []byte) (strs, []byte) {
	n, size := binary.Uvarint(data)
	s := strs{n: int(n), ends: data[size : size+4*int(n)]}
	data = data[size+4*int(n):]
	end := 0
	if n > 0 {
		end = s.end(s.n - 1)
	}
	s.text = data[:end]
	return s, data[end:]
}

func (s strs) end(i int) int { return int(binary.LittleEndian.Uint32(s.ends[4*i:])) }

func (s strs) at(i int) string { return string(s.bytes(i)) }

func (s strs) bytes(i int) []byte {
	start := 0
	if i > 0 {
		start = s.end(i - 1)
	}
	return s.text[start:s.end(i)]
}
