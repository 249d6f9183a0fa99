package exchange

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// decode makes the source yield UTF-8 without a byte order mark, whatever of
// the known encodings the file is in, judged by its first bytes.
func (s *source) decode(head []byte) error {
	var with encoding.Encoding
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		s.encoding = "UTF-8"
		_, err := s.Discard(3)
		return err
	case bytes.HasPrefix(head, []byte("\xff\xfe\x00\x00")), bytes.HasPrefix(head, []byte("\x00\x00\xfe\xff")):
		return fmt.Errorf("the text is UTF-32 (its mark is at byte 0): save it as UTF-8")
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		s.encoding, with = "UTF-16LE", unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM)
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		s.encoding, with = "UTF-16BE", unicode.UTF16(unicode.BigEndian, unicode.ExpectBOM)
	default:
		switch nuls := nulBytes(head); {
		case nuls == nulOdd:
			s.encoding, with = "UTF-16LE", unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
		case nuls == nulEven:
			s.encoding, with = "UTF-16BE", unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
		case nuls == nulBinary:
			return fmt.Errorf("this is not text (a zero byte at offset %d): CSV, TSV, JSON, JSON Lines or XLSX is wanted", bytes.IndexByte(head, 0))
		default:
			s.encoding, with = guess8Bit(head)
		}
	}
	if with != nil {
		s.decoded = true
		s.Reader = bufio.NewReaderSize(transform.NewReader(s.Reader, with.NewDecoder()), peekSize)
	}
	if lone, err := s.loneCarriageReturns(); err == nil && lone {
		s.Reader = bufio.NewReaderSize(&carriageReturns{s.Reader}, peekSize)
	}
	return nil
}

type nulPattern int

const (
	nulNone   nulPattern = iota
	nulOdd               // second bytes of pairs: ASCII in UTF-16LE
	nulEven              // first bytes of pairs: ASCII in UTF-16BE
	nulBinary            // anywhere
)

// nulBytes tells UTF-16 without a byte order mark from binary data. Delimiters
// and line ends are ASCII in any language, so even Chinese text has zeros, and
// all on the same side of its pairs.
func nulBytes(head []byte) nulPattern {
	var side [2]int
	for i, b := range head {
		if b == 0 {
			side[i&1]++
		}
	}
	switch {
	case side[0]+side[1] == 0:
		return nulNone
	case side[1] > 20*side[0] && side[1]*50 > len(head):
		return nulOdd
	case side[0] > 20*side[1] && side[0]*50 > len(head):
		return nulEven
	case (side[0]+side[1])*200 > len(head):
		return nulBinary
	}
	return nulNone // a stray zero: the row that holds it is reported
}

// guess8Bit tells UTF-8, GB18030 (which contains GBK and GB2312) and
// Windows-1252 apart. A file of UTF-8 with some broken lines stays UTF-8, so
// that only those lines are refused; a nil encoding means UTF-8.
func guess8Bit(head []byte) (string, encoding.Encoding) {
	valid, invalid := 0, 0 // multi-byte sequences; bytes that belong to none
	for b := head; len(b) > 0; {
		r, n := utf8.DecodeRune(b)
		switch {
		case r == utf8.RuneError && n == 1 && !utf8.FullRune(b):
			// Cut off by the end of the sample.
		case r == utf8.RuneError && n == 1:
			invalid++
		case n > 1:
			valid++
		}
		b = b[n:]
	}
	switch {
	case invalid == 0 || valid > 2*invalid:
		return "UTF-8", nil
	case looksLikeGB18030(head):
		return "GB18030", simplifiedchinese.GB18030
	case looksLikeWindows1252(head):
		return "Windows-1252", charmap.Windows1252
	}
	return "UTF-8", nil
}

// looksLikeGB18030 reports whether the bytes above ASCII pair up as GB18030
// does and whether most pairs are the common characters of GB2312's first
// level or its punctuation. Western 8-bit text seldom forms such pairs.
func looksLikeGB18030(head []byte) bool {
	pairs, common, broken := 0, 0, 0
	for i := 0; i+1 < len(head); i++ {
		lead, trail := head[i], head[i+1]
		switch {
		case lead < 0x80:
			continue
		case lead == 0x80 || lead == 0xff || trail < 0x30 || trail > 0x39 && trail < 0x40 || trail == 0x7f || trail == 0xff:
			broken++
			continue
		case trail <= 0x39: // the second of four bytes
			i += 3
		default:
			i++
		}
		pairs++
		if trail >= 0xa1 && (lead >= 0xb0 && lead <= 0xd7 || lead >= 0xa1 && lead <= 0xa3) {
			common++
		}
	}
	return common > 0 && common*10 >= (pairs+broken)*6
}

// westernBytes are the Windows-1252 bytes that Western European shop data uses:
// letters of German, French, Spanish, Italian, Portuguese and the Nordic
// languages, typographic quotes and dashes, currency, degree and the like.
var westernBytes = func() (set [256]bool) {
	const used = "äöüßÄÖÜéèêëàâáãåæçìíîïñòóôõøùúûœŒÉÈÊÀÂÁÃÅÆÇÍÑÓÔÕØÚ€£¥§©®°±²³µ·¼½¾×«»¿¡ºª´\u00a0–—‘’“”„‚•…™‰"
	coded, err := charmap.Windows1252.NewEncoder().Bytes([]byte(used))
	if err != nil {
		panic(err) // the constant above holds a character that Windows-1252 lacks
	}
	for _, b := range coded {
		set[b] = true
	}
	return set
}()

func looksLikeWindows1252(head []byte) bool {
	high := 0
	for _, b := range head {
		if b < 0x80 {
			continue
		}
		if !westernBytes[b] {
			return false
		}
		high++
	}
	return high >= 2
}

// loneCarriageReturns reports whether lines end in CR alone, as old Macs wrote.
func (s *source) loneCarriageReturns() (bool, error) {
	head, err := s.peek()
	return bytes.IndexByte(head, '\r') >= 0 && bytes.IndexByte(head, '\n') < 0 && bytes.IndexByte(head, '\r') < len(head)-1, err
}

type carriageReturns struct{ r io.Reader }

func (c *carriageReturns) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	for i, b := range p[:n] {
		if b == '\r' {
			p[i] = '\n'
		}
	}
	return n, err
}
