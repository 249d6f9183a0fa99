package storage

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	jsonv2 "github.com/go-json-experiment/json"
	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// The buckets of a workspace file and what their keys and values are.
const (
	bucketWorkspace = "workspace" // a keySchema… of schema.go → its value
	bucketProducts  = "products"  // row → engine.Product
	bucketRows      = "rows"      // product ID → row
	bucketFree      = "free"      // row that a deleted product left → nothing
	bucketVectors   = "vectors"   // number → block (vectors.go)
	bucketJudgments = "judgments" // query, product, judge (judgmentKey) → engine.Judgment
	bucketHistory   = "history"   // sequence → engine.Change
	bucketQueries   = "queries"   // sequence → engine.Query
	bucketRankers   = "rankers"   // sequence → engine.Ranker
	bucketDerived   = "derived"   // name → bytes
)

var buckets = []string{bucketWorkspace, bucketProducts, bucketRows, bucketFree, bucketVectors,
	bucketJudgments, bucketHistory, bucketQueries, bucketRankers, bucketDerived}

// later are the buckets that are made with the first of their records; other
// files lack them.
var later = []string{bucketProfiles, bucketSnapshots, bucketAssignments, bucketInterleavings, bucketHeads,
	bucketRules, bucketRuleHistory, bucketClicks, bucketClickLogs}

// appendFill is how full bbolt packs the pages of a bucket that mostly grows at
// its end: a page that is never inserted into needs no room to spare.
const appendFill = 0.95

// bucket is a bbolt bucket that knows its name, for errors, and whose values
// are sealed: four bytes of CRC-32C (Castagnoli) over key and content, then the
// content. bbolt has no checksums of its own below its meta pages.
type bucket struct {
	*bbolt.Bucket
	name string
}

// in opens a bucket of the transaction. Open has seen that all of them exist.
func in(tx *bbolt.Tx, name string) bucket {
	return bucket{tx.Bucket([]byte(name)), name}
}

// made opens a bucket of later, which it makes the first time. The file lists
// those that it has, so that one whose name is damaged is missed.
func made(tx *bbolt.Tx, name string) (bucket, error) {
	list, err := listed(tx)
	if err == nil && !slices.Contains(list, name) {
		err = in(tx, bucketWorkspace).put([]byte(keyBuckets), append(list, name))
	}
	if err != nil {
		return bucket{}, err
	}
	b, err := tx.CreateBucketIfNotExists([]byte(name))
	return bucket{b, name}, err
}

// listed are the buckets of later that the file says it has; a file that was
// last changed before there was such a list says nothing.
func listed(tx *bbolt.Tx) (list []string, err error) {
	_, err = in(tx, bucketWorkspace).get([]byte(keyBuckets), &list)
	return list, err
}

const sealSize = 4

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func checksum(key, content []byte) uint32 {
	return crc32.Update(crc32.Checksum(key, castagnoli), castagnoli, content)
}

// seal stamps the first sealSize bytes of value, which are the caller's to
// leave free.
func seal(key, value []byte) []byte {
	binary.LittleEndian.PutUint32(value, checksum(key, value[sealSize:]))
	return value
}

// unseal is the content of a stored value, in the file's own memory.
func (b bucket) unseal(key, value []byte) ([]byte, error) {
	if len(value) < sealSize {
		return nil, damaged(b.name, key, "%d bytes are too few for a record", len(value))
	}
	content := value[sealSize:]
	if binary.LittleEndian.Uint32(value) != checksum(key, content) {
		return nil, damaged(b.name, key, "its checksum does not fit")
	}
	return content, nil
}

// encode is the sealed JSON of v.
func encode(key []byte, v any) ([]byte, error) {
	buf := bytes.NewBuffer(make([]byte, sealSize, 512))
	enc := json.NewEncoder(buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	value := buf.Bytes()
	return seal(key, value[:len(value)-1]), nil // without Encode's line feed
}

// decode reads the sealed JSON of a record into v, a pointer. A search reads ten
// products: what becomes encoding/json/v2 takes half the time of encoding/json for
// them, which looks at each byte three times.
func (b bucket) decode(key, value []byte, v any) error {
	content, err := b.unseal(key, value)
	if err != nil {
		return err
	}
	if err := jsonv2.Unmarshal(content, v); err != nil {
		return damaged(b.name, key, "it cannot be read: %v", err)
	}
	return nil
}

// get reads the record of a key into v, a pointer; false when there is none, as in
// a bucket of later that was not made yet.
func (b bucket) get(key []byte, v any) (bool, error) {
	if b.Bucket == nil || len(key) == 0 || len(key) > bbolt.MaxKeySize {
		return false, nil
	}
	value := b.Get(key)
	if value == nil {
		return false, nil
	}
	return true, b.decode(key, value, v)
}

// put stores v as the record of a key.
func (b bucket) put(key []byte, v any) error {
	value, err := encode(key, v)
	if err != nil {
		return err
	}
	return b.putSealed(key, value)
}

func (b bucket) putSealed(key, value []byte) error {
	err := b.Put(key, value)
	switch {
	case errors.Is(err, berrors.ErrKeyTooLarge):
		return fmt.Errorf("%.40s… is %d bytes long, the most are %d: shorten it", showKey(b.name, key), len(key), bbolt.MaxKeySize)
	case errors.Is(err, berrors.ErrValueTooLarge):
		return fmt.Errorf("%s has %d bytes, the most are %d: it cannot be stored", showKey(b.name, key), len(value), bbolt.MaxValueSize)
	}
	return err
}

// each decodes the records of a bucket in the order of their keys; one of later
// that was not made yet has none. The key is valid during the call only, the
// value is fn's to keep.
func each[T any](ctx context.Context, b bucket, fn func(key []byte, v T) error) error {
	if b.Bucket == nil {
		return nil
	}
	n := 0
	return b.ForEach(func(key, value []byte) error {
		if n++; n%ctxEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		var v T
		if err := b.decode(key, value, &v); err != nil {
			return err
		}
		return fn(key, v)
	})
}

// list reads all records of a bucket.
func list[T any](w *Workspace, name, operation string) ([]T, error) {
	var all []T
	err := w.view(func(tx *bbolt.Tx) error {
		return each(context.Background(), in(tx, name), func(_ []byte, v T) error {
			all = append(all, v)
			return nil
		})
	})
	if err != nil {
		return nil, w.named(operation, err)
	}
	return all, nil
}

// ctxEvery is after how many records a loop looks at its context.
const ctxEvery = 256

// lastNumber is the largest key of a bucket whose keys are sequence numbers, 0
// when it is empty or was not made yet. bbolt's own NextSequence is not used: a
// damaged counter would overwrite records, the last key cannot.
func (b bucket) lastNumber() uint64 {
	if b.Bucket == nil {
		return 0
	}
	key, _ := b.Cursor().Last()
	if len(key) != 8 {
		return 0
	}
	return binary.BigEndian.Uint64(key)
}

// append stores v under the number after the largest.
func (b bucket) append(v any) error {
	b.FillPercent = appendFill
	return b.put(numberKey(b.lastNumber()+1), v)
}

func numberKey(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

func rowKey(row uint32) []byte { return binary.BigEndian.AppendUint32(nil, row) }

// showKey is a key as people know it.
func showKey(bucket string, key []byte) string {
	switch bucket {
	case bucketProducts, bucketFree:
		if len(key) == 4 {
			return "row " + strconv.FormatUint(uint64(binary.BigEndian.Uint32(key)), 10)
		}
	case bucketHistory, bucketQueries, bucketRankers, bucketRules, bucketRuleHistory, bucketAssignments, bucketSnapshots, bucketInterleavings, bucketHeads:
		if len(key) == 8 {
			return "number " + strconv.FormatUint(binary.BigEndian.Uint64(key), 10)
		}
	case bucketVectors:
		if len(key) == 8 {
			return "block " + strconv.FormatUint(binary.BigEndian.Uint64(key), 10)
		}
	case bucketJudgments:
		if parts, err := splitJudgmentKey(key); err == nil {
			return fmt.Sprintf("query %q, product %q, judge %q", parts[0], parts[1], parts[2])
		}
	}
	return strconv.Quote(string(key))
}

// validText refuses text that JSON could not give back as it was.
func validText(texts ...string) error {
	for _, s := range texts {
		if !utf8.ValidString(s) {
			return fmt.Errorf("%q is not valid UTF-8: convert its file to UTF-8", shorten(s))
		}
	}
	return nil
}

// shorten cuts text for an error message.
func shorten(s string) string {
	const most = 60
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
