package exchange

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// peekSize is how much of a file is looked at to recognise it, decompressed.
const peekSize = 64 << 10

// source is an opened file: decompressed, decoded to UTF-8 and recognised.
type source struct {
	*bufio.Reader
	name     string // for messages: the last element of the path, or "standard input"
	encoding string // "UTF-8", "UTF-16LE", "GB18030", …
	decoded  bool   // bytes went through a decoder, which marks what it cannot read with U+FFFD
	binary   bool   // a spreadsheet: not text, not decoded
	gzipped  bool
	size     int64 // bytes of the file as stored; 0 while unknown
	raw      *countingReader
	closer   io.Closer
}

// open opens a file, or standard input for "-".
func open(path string, lim limits) (*source, error) {
	if path == "-" {
		return newSource(os.Stdin, "standard input", lim)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && info.IsDir() {
		err = fmt.Errorf("%s is a folder: name the file in it", path)
	}
	var s *source
	if err == nil {
		s, err = newSource(f, filepath.Base(path), lim)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	s.closer = f
	s.size = info.Size()
	return s, nil
}

// refused are the signatures of files that a person may try and that are not
// read, each with what to do instead.
var refused = []struct{ magic, what string }{
	{"\xd0\xcf\x11\xe0", "an old Excel file (.xls) or another Office document: save it as .xlsx or .csv"},
	{"PAR1", "a Parquet file: convert it to CSV or JSON Lines"},
	{"%PDF", "a PDF: export the table as CSV"},
	{"BZh", "compressed by bzip2: unpack it, or compress it with gzip"},
	{"\xfd7zXZ", "compressed by xz: unpack it, or compress it with gzip"},
	{"\x28\xb5\x2f\xfd", "compressed by zstd: unpack it, or compress it with gzip"},
	{"7z\xbc\xaf", "a 7-Zip archive: unpack it first"},
	{"Rar!", "a RAR archive: unpack it first"},
	{"SQLite format 3", "an SQLite database: export the table as CSV"},
	{"\x89PNG", "a picture"},
	{"\xff\xd8\xff", "a picture"},
}

func newSource(r io.Reader, name string, lim limits) (*source, error) {
	s := &source{name: name, raw: &countingReader{r: r}}
	s.Reader = bufio.NewReaderSize(s.raw, peekSize)
	head, err := s.peek()
	if err != nil {
		return nil, fileError(name, err)
	}
	if bytes.HasPrefix(head, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(s.Reader)
		if err != nil {
			return nil, fmt.Errorf("%s: starts like gzip but is damaged: %w", name, err)
		}
		s.gzipped = true
		s.Reader = bufio.NewReaderSize(&inflated{r: z, raw: s.raw, lim: lim}, peekSize)
		if head, err = s.peek(); err != nil {
			return nil, fileError(name, err)
		}
		if bytes.HasPrefix(head, []byte{0x1f, 0x8b}) {
			return nil, fmt.Errorf("%s: compressed twice: unpack it once", name)
		}
	}
	for _, sig := range refused {
		if bytes.HasPrefix(head, []byte(sig.magic)) {
			return nil, fmt.Errorf("%s: this is %s", name, sig.what)
		}
	}
	if bytes.HasPrefix(head, []byte("PK\x03\x04")) {
		s.binary = true
		return s, nil
	}
	if err := s.decode(head); err != nil {
		return nil, fileError(name, err)
	}
	// Decoding may have taken away a byte order mark and nothing else.
	if _, err := s.peek(); err != nil {
		return nil, fileError(name, err)
	}
	return s, nil
}

// peek returns the first bytes without consuming them; errEmpty when there are none.
func (s *source) peek() ([]byte, error) {
	head, err := s.Peek(peekSize)
	if len(head) > 0 && (err == nil || errors.Is(err, io.EOF) || errors.Is(err, bufio.ErrBufferFull)) {
		return head, nil
	}
	if err == nil || errors.Is(err, io.EOF) {
		return nil, errEmpty
	}
	return nil, err
}

// Close closes the file; standard input and given readers stay open.
func (s *source) Close() error {
	if s.closer == nil {
		return nil
	}
	return s.closer.Close()
}

// countingReader counts the bytes of a file as they are read.
type countingReader struct {
	r io.Reader
	n int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// inflated passes on decompressed bytes until they are more than any honest
// file decompresses to.
type inflated struct {
	r   io.Reader
	raw *countingReader
	n   int64
	lim limits
}

func (z *inflated) Read(p []byte) (int, error) {
	n, err := z.r.Read(p)
	z.n += int64(n)
	switch {
	case z.n > z.lim.Total:
		return 0, fmt.Errorf("decompresses to more than %s: split it", bytesText(z.lim.Total))
	case z.n > z.lim.Slack && z.n/max(z.raw.n, 1) > z.lim.Ratio:
		return 0, fmt.Errorf("looks like a decompression bomb: %s came out of %s", bytesText(z.n), bytesText(z.raw.n))
	case err != nil && !errors.Is(err, io.EOF):
		return n, fmt.Errorf("the gzip data is damaged or cut off after %s: %w", bytesText(z.n), err)
	}
	return n, err
}

// bytesText writes a number of bytes for people: "16 MiB".
func bytesText(n int64) string {
	units := []string{"bytes", "KiB", "MiB", "GiB", "TiB"}
	u := 0
	for n >= 10<<10 && u < len(units)-1 {
		n >>= 10
		u++
	}
	if n >= 1<<10 && n%(1<<10) == 0 && u < len(units)-1 {
		n >>= 10
		u++
	}
	return fmt.Sprintf("%d %s", n, units[u])
}
