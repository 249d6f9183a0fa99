package retrieve

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/blevesearch/vellum"

	"touchstone/engine"
	"touchstone/engine/text"
)

// Dictionary is what a whole catalogue tells of its words: how many products
// have each, and how long the fields are. It stands for the catalogue where the
// products are elsewhere. It never changes and is safe for concurrent use.
type Dictionary struct {
	docs  int
	norms *norms
	terms *vellum.FST // term → products that have it
}

func (d *Dictionary) df(term string) (int, error) {
	df, _, err := d.terms.Get([]byte(term))
	if err != nil {
		return 0, fmt.Errorf("dictionary: look up %q: %w", term, err)
	}
	return int(df), nil
}

// Len is how many products were counted.
func (d *Dictionary) Len() int { return d.docs }

// Counts are a Dictionary in the making. They are not safe for concurrent use.
type Counts struct {
	docs    int
	lengths [engine.TextFields]uint64 // words in all products
	df      map[string]uint32
	reader  reader
}

// NewCounts counts nothing yet.
func NewCounts() *Counts {
	return &Counts{df: map[string]uint32{}, reader: reader{at: map[string]int{}}}
}

// Len is how many products were counted.
func (c *Counts) Len() int { return c.docs }

// Add counts a product; a hidden one is none.
func (c *Counts) Add(a *text.Analyzer, p *engine.Product) {
	if p.Hidden {
		return
	}
	c.reader.read(a, p)
	c.docs++
	for f, n := range c.reader.lengths {
		c.lengths[f] += uint64(n)
	}
	for i := range c.reader.terms {
		term := c.reader.terms[i].text
		if n, known := c.df[term]; known {
			c.df[term] = n + 1
		} else {
			c.df[strings.Clone(term)] = 1
		}
	}
}

// Counts are written as a header, the lengths, the terms in order as a vellum
// FST with their products, and a CRC-32C of all before.
const (
	countsMagic  = "TSDF"
	countsFormat = 1
	countsHeader = 4 + 2 + 2 + 8 + 8*engine.TextFields
)

// Encode writes what was counted so far.
func (c *Counts) Encode() ([]byte, error) {
	b := append([]byte(nil), countsMagic...)
	b = binary.LittleEndian.AppendUint16(b, countsFormat)
	b = binary.LittleEndian.AppendUint16(b, text.Version)
	b = binary.LittleEndian.AppendUint64(b, uint64(c.docs))
	for _, n := range c.lengths {
		b = binary.LittleEndian.AppendUint64(b, n)
	}
	terms, err := c.fst()
	if err != nil {
		return nil, err
	}
	b = append(b, terms...)
	return binary.LittleEndian.AppendUint32(b, crc32.Checksum(b, castagnoli)), nil
}

func (c *Counts) fst() ([]byte, error) {
	var buffer bytes.Buffer
	builder, err := vellum.New(&buffer, nil)
	if err != nil {
		return nil, fmt.Errorf("dictionary: %w", err)
	}
	for _, term := range slices.Sorted(maps.Keys(c.df)) {
		if err := builder.Insert([]byte(term), uint64(c.df[term])); err != nil {
			return nil, fmt.Errorf("dictionary: write the term %q: %w", term, err)
		}
	}
	if err := builder.Close(); err != nil {
		return nil, fmt.Errorf("dictionary: %w", err)
	}
	return buffer.Bytes(), nil
}

// Merge adds what Encode wrote, here or on another machine. Its error is
// ErrStale where another version wrote it.
func (c *Counts) Merge(data []byte) error {
	if len(data) < countsHeader+4 || string(data[:4]) != countsMagic {
		return errors.New("dictionary: this is none; count the catalogue again")
	}
	if binary.LittleEndian.Uint16(data[4:]) != countsFormat || binary.LittleEndian.Uint16(data[6:]) != text.Version {
		return ErrStale
	}
	body := data[:len(data)-4]
	if crc32.Checksum(body, castagnoli) != binary.LittleEndian.Uint32(data[len(body):]) {
		return errors.New("dictionary: broken (its checksum is wrong); count the catalogue again")
	}
	fst, err := vellum.Load(body[countsHeader:])
	if err != nil {
		return fmt.Errorf("dictionary: %w", err)
	}
	c.docs += int(binary.LittleEndian.Uint64(body[8:]))
	for f := range c.lengths {
		c.lengths[f] += binary.LittleEndian.Uint64(body[16+8*f:])
	}
	it, err := fst.Iterator(nil, nil)
	for err == nil {
		term, n := it.Current()
		c.df[string(term)] += uint32(min(n, math.MaxUint32))
		err = it.Next()
	}
	if !errors.Is(err, vellum.ErrIteratorDone) {
		return fmt.Errorf("dictionary: %w", err)
	}
	return nil
}

// Dictionary is what was counted so far.
func (c *Counts) Dictionary() (*Dictionary, error) {
	data, err := c.fst()
	if err != nil {
		return nil, err
	}
	d := &Dictionary{docs: c.docs}
	if d.terms, err = vellum.Load(data); err != nil {
		return nil, fmt.Errorf("dictionary: %w", err)
	}
	var average [engine.TextFields]float64
	for f, n := range c.lengths {
		if c.docs > 0 {
			average[f] = float64(n) / float64(c.docs)
		}
	}
	d.norms = newNorms(average)
	return d, nil
}

// Words are the terms of a product, field by field, as they are matched: one
// that occurs twice stands there twice. They are for engines that match words
// but must not take texts apart in ways of their own.
func Words(a *text.Analyzer, p *engine.Product) [engine.TextFields][]string {
	r := reader{at: map[string]int{}}
	r.read(a, p)
	var words [engine.TextFields][]string
	for i := range r.terms {
		for f, halves := range r.terms[i].tf {
			for range (halves + 1) / 2 {
				words[f] = append(words[f], r.terms[i].text)
			}
		}
	}
	return words
}
