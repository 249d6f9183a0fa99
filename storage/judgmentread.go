package storage

import (
	"bytes"
	"context"
	"encoding/json"
	"runtime"
	"strconv"
	"unicode/utf8"

	"touchstone/engine"
)

// Half a million judgments are read before a window shows anything. Their JSON
// is therefore read by a reader that knows how encode writes it, several parts
// at a time; whatever is written otherwise goes to encoding/json.

// judgmentPart is some records on their way: their content one behind the other,
// and what became of them.
type judgmentPart struct {
	keys, content []byte
	keyEnds, ends []int // where each record ends
	judgments     []engine.Judgment
	err           error
	done          chan struct{}
}

// judgmentsAtOnce is how many records a part has.
const judgmentsAtOnce = 2048

// eachJudgment calls fn with the judgments of a bucket in the order of their
// keys. What bbolt maps is touched by the calling goroutine alone, under its
// guard: parts are copies.
func eachJudgment(ctx context.Context, b bucket, fn func(engine.Judgment) error) error {
	var running []*judgmentPart
	stopped := false       // by an error of a part or of fn
	hand := func() error { // the oldest part to fn
		part := running[0]
		running = running[1:]
		<-part.done
		stopped = true
		for i := range part.judgments {
			if err := fn(part.judgments[i]); err != nil {
				return err
			}
		}
		if part.err != nil {
			return part.err
		}
		stopped = ctx.Err() != nil
		return ctx.Err()
	}
	part := &judgmentPart{}
	start := func() error {
		part.done = make(chan struct{})
		go part.read(b)
		running = append(running, part)
		part = &judgmentPart{keys: make([]byte, 0, cap(part.keys)), content: make([]byte, 0, cap(part.content))}
		if len(running) > runtime.GOMAXPROCS(0) {
			return hand()
		}
		return nil
	}
	err := b.ForEach(func(key, value []byte) error {
		content, err := b.unseal(key, value)
		if err != nil {
			return err
		}
		part.keys = append(part.keys, key...)
		part.content = append(part.content, content...)
		part.keyEnds, part.ends = append(part.keyEnds, len(part.keys)), append(part.ends, len(part.content))
		if len(part.ends) == judgmentsAtOnce {
			return start()
		}
		return nil
	})
	if stopped {
		return err
	}
	// What stands before a damaged record is handed out first, as ever.
	if e := start(); e != nil {
		return e
	}
	for len(running) > 0 {
		if e := hand(); e != nil {
			return e
		}
	}
	return err
}

// read decodes a part, up to the first record that is damaged.
func (p *judgmentPart) read(b bucket) {
	defer close(p.done)
	p.judgments = make([]engine.Judgment, len(p.ends))
	var r judgmentReader
	var expected []byte
	key, content := 0, 0
	for i, end := range p.ends {
		k := p.keys[key:p.keyEnds[i]]
		j := &p.judgments[i]
		if err := r.read(p.content[content:end], j); err != nil {
			p.err = damaged(b.name, k, "it cannot be read: %v", err)
		} else if expected = appendJudgmentKey(expected[:0], j.Query, j.Product, j.Judge); !bytes.Equal(k, expected) {
			p.err = damaged(b.name, k, "it says that it is of query %q, product %q, judge %q", shorten(j.Query), shorten(j.Product), shorten(j.Judge))
		}
		if p.err != nil {
			p.judgments = p.judgments[:i]
			return
		}
		key, content = p.keyEnds[i], end
	}
}

// judgmentReader reads the JSON of judgments. Neighbours share query, product
// and judge, and so their strings.
type judgmentReader struct {
	rest     []byte
	previous [3]string // query, product, judge of the judgment before
	judges   map[string]string
}

// read is json.Unmarshal into an empty judgment.
func (r *judgmentReader) read(content []byte, j *engine.Judgment) error {
	if r.plain(content, j) {
		return nil
	}
	*j = engine.Judgment{}
	return json.Unmarshal(content, j)
}

// plain reads what encode writes of most judgments, false for anything else.
func (r *judgmentReader) plain(content []byte, j *engine.Judgment) bool {
	r.rest = content
	var text []byte
	var ok bool
	for i, name := range []string{`{"query":"`, `,"product":"`} {
		if text, ok = r.text(name); !ok {
			return false
		}
		if string(text) != r.previous[i] {
			r.previous[i] = string(text)
		}
	}
	j.Query, j.Product = r.previous[0], r.previous[1]
	if !r.skip(`,"grade":`) {
		return false
	}
	digits := r.until(',')
	grade, err := strconv.ParseUint(string(digits), 10, 32)
	if err != nil || digits[0] == '0' && len(digits) > 1 {
		return false
	}
	j.Grade = engine.Grade(grade)
	if text, ok = r.text(`,"judge":"`); !ok {
		return false
	}
	j.Judge, ok = r.judges[string(text)]
	if !ok {
		if r.judges == nil {
			r.judges = map[string]string{}
		}
		j.Judge = string(text)
		r.judges[j.Judge] = j.Judge
	}
	if text, ok = r.text(`,"time":"`); !ok || j.Time.UnmarshalText(text) != nil {
		return false
	}
	if text, ok = r.text(`,"note":"`); ok {
		j.Note = string(text)
	}
	if r.skip(`,"seen":`) {
		if j.Seen, err = strconv.ParseUint(string(r.until(',', '}')), 10, 64); err != nil {
			return false
		}
	}
	if text, ok = r.text(`,"confirmed":"`); ok && j.Confirmed.UnmarshalText(text) != nil {
		return false
	}
	return len(r.rest) == 1 && r.rest[0] == '}'
}

// skip goes past what must come next; false, and nothing else, where it does not.
func (r *judgmentReader) skip(next string) bool {
	if len(r.rest) < len(next) || string(r.rest[:len(next)]) != next {
		return false
	}
	r.rest = r.rest[len(next):]
	return true
}

// text is the string behind a name and goes past it; false, and nothing else,
// where there is another name or a string with an escape.
func (r *judgmentReader) text(name string) ([]byte, bool) {
	if len(r.rest) < len(name) || string(r.rest[:len(name)]) != name {
		return nil, false
	}
	rest := r.rest[len(name):]
	ascii := true
	for i, c := range rest {
		switch {
		case c == '"':
			r.rest = rest[i+1:]
			return rest[:i], ascii || utf8.Valid(rest[:i])
		case c == '\\' || c < ' ':
			return nil, false
		case c >= utf8.RuneSelf:
			ascii = false
		}
	}
	return nil, false
}

// until is what comes before one of some bytes.
func (r *judgmentReader) until(ends ...byte) []byte {
	for i, c := range r.rest {
		if bytes.IndexByte(ends, c) >= 0 {
			digits := r.rest[:i]
			r.rest = r.rest[i:]
			return digits
		}
	}
	return nil
}
