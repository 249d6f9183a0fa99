package storage

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"slices"
	"time"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

// shapes tell to which bucket the records of a page belong that nothing leads
// to. What derived holds is made again, not looked for.
var shapes = []struct {
	bucket string
	fits   func(key, content []byte) bool
}{
	{bucketJudgments, func(key, content []byte) bool {
		var j engine.Judgment
		return strictly(content, &j) && bytes.Equal(key, keyOf(j))
	}},
	{bucketHistory, func(key, content []byte) bool {
		var c engine.Change
		return strictly(content, &c) && bytes.Equal(key, numberKey(c.Seq))
	}},
	{bucketProducts, func(key, content []byte) bool {
		var p engine.Product
		return len(key) == 4 && strictly(content, &p) && p.ID != ""
	}},
	{bucketRankers, func(key, content []byte) bool {
		var r engine.Ranker
		return len(key) == 8 && strictly(content, &r) && isRanker(&r)
	}},
	{bucketQueries, func(key, content []byte) bool {
		var q engine.Query
		return len(key) == 8 && bytes.HasPrefix(content, []byte(`{"text":`)) && strictly(content, &q)
	}},
	{bucketVectors, func(key, content []byte) bool {
		return len(key) == 8 && len(content) >= 4 && binary.LittleEndian.Uint32(content) == blockMagic
	}},
	{bucketFree, func(key, content []byte) bool { return len(key) == 4 && len(content) == 0 }},
	{bucketSnapshots, func(key, content []byte) bool {
		var snapshot workbench.Snapshot
		return len(key) == 8 && strictly(content, &snapshot) && isSnapshot(&snapshot)
	}},
	{bucketProfiles, func(key, content []byte) bool {
		var p engine.Profile
		return strictly(content, &p) && p.Name == string(key)
	}},
	{bucketRules, func(key, content []byte) bool {
		var r engine.Rule
		return strictly(content, &r) && r.ID > 0 && bytes.Equal(key, numberKey(r.ID))
	}},
	{bucketRuleHistory, func(key, content []byte) bool {
		var change engine.RuleChange
		return strictly(content, &change) && change.LastID > 0 && bytes.Equal(key, numberKey(change.Seq))
	}},
	{bucketClicks, func(key, content []byte) bool {
		var c engine.Clicks
		return bytes.HasPrefix(content, []byte(`{"query":`)) && strictly(content, &c) && c.Query == string(key)
	}},
	{bucketHeads, func(key, content []byte) bool {
		var h engine.Head
		return len(key) == 8 && strictly(content, &h) && h.Dim > 0 && h.Rank > 0
	}},
	{bucketClickLogs, func(key, content []byte) bool {
		var when time.Time
		return (len(key) == clickLogKey || isPageKey(key)) && strictly(content, &when)
	}},
	{bucketAssignments, func(key, content []byte) bool {
		var a workbench.Assignment
		return len(key) == 8 && strictly(content, &a) && isAssignment(&a)
	}},
	{bucketInterleavings, func(key, content []byte) bool {
		var t workbench.Interleaving
		return len(key) == 8 && strictly(content, &t) && isInterleaving(&t)
	}},
	{bucketWorkspace, func(key, _ []byte) bool {
		return slices.Contains([]string{keySchema, keySettings, keyGeneration, keyVectors, keyBuckets}, string(key))
	}},
	{bucketRows, func(_, content []byte) bool {
		var row uint32
		return json.Unmarshal(content, &row) == nil
	}},
}

// What tells a decoded record from those of other buckets.
func isQuery(q *engine.Query) bool                  { return q.Text != "" }
func isRanker(r *engine.Ranker) bool                { return r.Version > 0 }
func isSnapshot(s *workbench.Snapshot) bool         { return s.Name != "" }
func isAssignment(a *workbench.Assignment) bool     { return a.Query != "" }
func isInterleaving(t *workbench.Interleaving) bool { return len(t.Pages) > 0 }

// strictly decodes JSON that names nothing but the fields of v.
func strictly(content []byte, v any) bool {
	dec := json.NewDecoder(bytes.NewReader(content))
	dec.DisallowUnknownFields()
	return dec.Decode(v) == nil
}
