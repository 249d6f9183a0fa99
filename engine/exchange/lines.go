package exchange

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// lineReader yields the lines of a text, each without its line end, and never
// holds more than one record's worth of bytes.
type lineReader struct {
	r      *bufio.Reader
	max    int      // bytes of a line
	number int      // of the line returned last; 1 is the first
	again  [][]byte // lines put back, to be returned first
	long   []byte   // a line that spans more than r's buffer
}

// next returns the next line, valid until the call after, or io.EOF. A line of
// more than max bytes is an error that ends the reading.
func (l *lineReader) next() ([]byte, error) {
	if len(l.again) > 0 {
		line := l.again[0]
		l.again = l.again[1:]
		l.number++
		return line, nil
	}
	l.long = l.long[:0]
	for {
		part, err := l.r.ReadSlice('\n')
		if len(l.long)+len(part) > l.max {
			return nil, fmt.Errorf("line %d is longer than %s, the limit for one row", l.number+1, bytesText(int64(l.max)))
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			l.long = append(l.long, part...)
			continue
		case err != nil && !errors.Is(err, io.EOF):
			return nil, fmt.Errorf("line %d: %w", l.number+1, err)
		case err != nil && len(l.long)+len(part) == 0:
			return nil, io.EOF
		}
		if len(l.long) > 0 {
			l.long = append(l.long, part...)
			part = l.long
		}
		l.number++
		return trimLineEnd(part), nil
	}
}

// putBack makes next return these lines again. They must be the caller's own
// copies, and the last ones that next returned.
func (l *lineReader) putBack(lines [][]byte) {
	l.again = append(lines, l.again...)
	l.number -= len(lines)
}

func trimLineEnd(line []byte) []byte {
	if n := len(line); n > 0 && line[n-1] == '\n' {
		line = line[:n-1]
	}
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	return line
}
