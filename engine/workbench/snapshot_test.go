package workbench_test

import (
	"path/filepath"
	"strings"
	"testing"

	"touchstone/engine/workbench"
)

func (s *shop) compare(req workbench.CompareRequest) *workbench.Comparison {
	s.t.Helper()
	c, err := s.Compare(s.t.Context(), req, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

func (s *shop) side(name string) workbench.Side {
	s.t.Helper()
	side, err := s.Side(name)
	if err != nil {
		s.t.Fatal(err)
	}
	return side
}

func TestSnapshotStandsForItsRanker(t *testing.T) {
	s := lampShop(t)
	up, down := byPrice(1), byPrice(-1)
	if _, err := s.TakeSnapshot(t.Context(), "spring", up, nil); err != nil {
		t.Fatal(err)
	}
	s.reopen()
	all, err := s.Snapshots()
	if err != nil || len(all) != 1 || len(all[0].Runs) != 10 {
		t.Fatalf("snapshots after reopening: %v, %v", all, err)
	}
	now := s.compare(workbench.CompareRequest{A: ranks(up), B: ranks(down), Seed: 1})
	then := s.compare(workbench.CompareRequest{A: s.side("snapshot:spring"), B: ranks(down), Seed: 1})
	if now.Sentence != then.Sentence || now.A.Mean != then.A.Mean {
		t.Errorf("now %s, and by the snapshot %s", now.Sentence, then.Sentence)
	}
	turned := s.compare(workbench.CompareRequest{A: ranks(down), B: s.side("snapshot:spring"), Seed: 1})
	if turned.Delta != -now.Delta || !strings.HasPrefix(turned.B.Name, "spring (price of ") {
		t.Errorf("turned round %s (%s)", turned.Sentence, turned.B.Name)
	}
	if c := s.compare(workbench.CompareRequest{A: s.side("snapshot:spring"), B: s.side("snapshot:spring")}); c.Delta != 0 || c.Jaccard != 1 {
		t.Errorf("a snapshot and itself: %s", c.Sentence)
	}
	if len(then.Warnings) != len(now.Warnings) {
		t.Errorf("nothing has changed since: %q", then.Warnings)
	}
}

func TestSnapshotOfAnotherState(t *testing.T) {
	s := lampShop(t)
	if _, err := s.TakeSnapshot(t.Context(), "spring", nil, nil); err != nil {
		t.Fatal(err)
	}
	s.importLines("id,title,price", "n1,Night lamp for the desk,9")
	s.grade("night", "n1", 3)
	c := s.compare(workbench.CompareRequest{A: s.side("snapshot:spring")})
	warnings := strings.Join(c.Warnings, "\n")
	if len(c.Queries) != 10 || !strings.Contains(warnings, "1 judged queries") || !strings.Contains(warnings, "catalogue has changed") {
		t.Errorf("%d queries, warnings %q", len(c.Queries), c.Warnings)
	}
	other := s.side("snapshot:spring")
	other.Snapshot.Runs = map[string][]string{"of another shop": {"x"}}
	if _, err := s.Compare(t.Context(), workbench.CompareRequest{A: other}, nil); err == nil || !strings.Contains(err.Error(), "no judged query") {
		t.Errorf("a snapshot of other queries: %v", err)
	}
}

func TestSnapshotsThatCannotBe(t *testing.T) {
	s := newShop(t)
	s.importLines(lamps...)
	if _, err := s.TakeSnapshot(t.Context(), "early", nil, nil); err == nil || !strings.Contains(err.Error(), "no queries") {
		t.Errorf("no queries: %v", err)
	}
	s.grade("lamp", "l1", 3)
	if _, err := s.TakeSnapshot(t.Context(), "  ", nil, nil); err == nil {
		t.Error("a snapshot without a name was taken")
	}
	for i := range 2 {
		if _, err := s.TakeSnapshot(t.Context(), "twice", nil, nil); (err == nil) != (i == 0) {
			t.Errorf("taken %d times: %v", i+1, err)
		}
	}
	if _, err := s.Side("snapshot:none"); err == nil || !strings.Contains(err.Error(), "twice") {
		t.Errorf("an unknown snapshot: %v, want the known names", err)
	}
}

// TestSnapshotOfAnotherProgram: a run that another program made is compared with
// like any snapshot, survives reopening, and can't be gone back to.
func TestSnapshotOfAnotherProgram(t *testing.T) {
	s := lampShop(t)
	up := byPrice(1)
	for format, name := range map[string]string{"trec": "", "csv": "by name", "quepid-snapshot": "spring"} {
		file := filepath.Join(t.TempDir(), "theirs.txt")
		if err := s.ExportRun(t.Context(), up, format, file, nil); err != nil {
			t.Fatal(err)
		}
		r, err := s.ReadSnapshot(file, name)
		if err != nil {
			t.Fatal(err)
		}
		if name == "" {
			name = "price" // the tag
		}
		if r.Name != name || len(r.Runs) != 10 || r.Unknown != 0 || r.Strange != 0 || r.Skipped != 0 {
			t.Errorf("%s: read %+v", format, r)
		}
		s.reopen()
		if c := s.compare(workbench.CompareRequest{A: s.side("snapshot:" + name), B: ranks(up)}); c.Delta != 0 || c.Jaccard != 1 {
			t.Errorf("%s: a ranker and its own run: %s", format, c.Sentence)
		}
		if _, err := s.GoBack("snapshot:"+name, ""); err == nil || !strings.Contains(err.Error(), "holds no weights") {
			t.Errorf("%s: went back to a ranker that is not here: %v", format, err)
		}
	}
	moments, err := s.Timeline(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	foreign := 0
	for _, m := range moments {
		if m.Foreign && m.Scored && m.Why == "read from theirs.txt" {
			foreign++
		}
	}
	if foreign != 3 {
		t.Errorf("%d of 3 runs are in the timeline: %+v", foreign, moments)
	}
	for want, lines := range map[string][]string{
		"none of its 1 products":   {"1 Q0 nowhere 1 2 t"},
		"not a format of runs":     {"query,docid,rating", "lamp,l1,3"},
		"no ranked products in it": {"query,docid,rank", ",,"},
	} {
		if r, err := s.ReadSnapshot(s.file("bad.txt", lines...), "bad"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("read %+v, error %v; want one with %q", r, err, want)
		}
	}
}
