package storage

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"touchstone/engine"
)

// TestJudgmentReader: whatever was stored reads as encoding/json reads it, and
// so does what no one would have stored.
func TestJudgmentReader(t *testing.T) {
	text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "lamp", "灯", "a\"b", "<&>", "\u2028", "a\\"}))
	var r judgmentReader
	usual, err := encode(nil, engine.Judgment{Query: "手机 case", Product: "B07", Judge: "ann", Grade: 3, Time: time.Date(2026, 11, 26, 9, 30, 0, 5, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	if !r.plain(usual[sealSize:], new(engine.Judgment)) {
		t.Errorf("%s was not read without encoding/json", usual[sealSize:])
	}
	rapid.Check(t, func(t *rapid.T) {
		j := engine.Judgment{Query: text.Draw(t, "query"), Product: text.Draw(t, "product"), Judge: text.Draw(t, "judge"),
			Grade: engine.Grade(rapid.SampledFrom([]float64{0, 1, 2, 3, 10, 0.5, 1e21, -1}).Draw(t, "grade")),
			Time:  time.Unix(0, rapid.Int64().Draw(t, "time")).UTC()}
		if rapid.Bool().Draw(t, "more") {
			j.Note, j.Seen, j.By = text.Draw(t, "note"), rapid.Uint64().Draw(t, "seen"), text.Draw(t, "by")
			j.Confirmed = time.Unix(rapid.Int64Range(-1e9, 1e10).Draw(t, "confirmed"), 0).UTC()
		}
		value, err := encode(nil, j)
		if err != nil {
			t.Skip(err)
		}
		content := value[sealSize:]
		if rapid.Bool().Draw(t, "broken") {
			at := rapid.IntRange(0, len(content)-1).Draw(t, "at")
			content[at] = rapid.Byte().Draw(t, "byte")
		}
		var got engine.Judgment
		gotErr := r.read(content, &got)
		var want engine.Judgment
		wantErr := json.Unmarshal(content, &want)
		if (gotErr == nil) != (wantErr == nil) || wantErr == nil && !cmp.Equal(got, want) {
			t.Fatalf("%s:\n%+v, %v; want\n%+v, %v", content, got, gotErr, want, wantErr)
		}
	})
}

// TestEachJudgmentInOrder: more than one part comes in the order of the keys,
// and a caller's error ends it.
func TestEachJudgmentInOrder(t *testing.T) {
	w := newWorkspace(t)
	const n = 5*judgmentsAtOnce + 7
	var want []engine.Judgment
	for i := range n {
		want = append(want, engine.Judgment{Query: fmt.Sprintf("q%04d", i/50), Product: fmt.Sprintf("P%05d", i), Judge: "ann", Grade: engine.Grade(i % 4), Time: time.Unix(int64(i), 0).UTC()})
	}
	if err := w.PutJudgments(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	var got []engine.Judgment
	if err := w.EachJudgment(t.Context(), func(j engine.Judgment) error { got = append(got, j); return nil }); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	enough := errors.New("enough")
	got = nil
	err := w.EachJudgment(t.Context(), func(j engine.Judgment) error {
		if got = append(got, j); len(got) == judgmentsAtOnce+3 {
			return enough
		}
		return nil
	})
	if !errors.Is(err, enough) || len(got) != judgmentsAtOnce+3 {
		t.Errorf("%d judgments, %v", len(got), err)
	}
}
