package storage

import "io"

// chunkSize is how much of a file is read at once while its pages are looked at:
// most lie behind one another, and a call of the system for each of a million
// products' pages took longer than all the rest.
const chunkSize = 64 << 10

// chunks reads a file in chunks and keeps the last one. It is for one goroutine.
type chunks struct {
	r    io.ReaderAt
	from int64
	have []byte // of buffer
	buf  [chunkSize]byte
}

// ReadAt implements io.ReaderAt.
func (c *chunks) ReadAt(p []byte, at int64) (int, error) {
	if at < c.from || at+int64(len(p)) > c.from+int64(len(c.have)) {
		if len(p) >= chunkSize {
			return c.r.ReadAt(p, at)
		}
		n, err := c.r.ReadAt(c.buf[:], at)
		c.from, c.have = at, c.buf[:n]
		if n < len(p) {
			return copy(p, c.have), err
		}
	}
	return copy(p, c.have[at-c.from:]), nil
}
