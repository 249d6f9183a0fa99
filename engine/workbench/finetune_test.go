package workbench_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"touchstone/engine"
	"touchstone/storage"
)

// tunable is a shop where the encoder does not know that a torch is a
// flashlight, and the grades say so.
func tunable(t *testing.T) *shop {
	s := newShop(t)
	lines := []string{"id,title"}
	kinds := [][2]string{{"torch", "flashlight"}, {"sofa", "couch"}, {"cellphone", "handset"}, {"notebook", "laptop"}, {"trainer", "sneaker"}, {"jumper", "sweater"}, {"tap", "faucet"}, {"lorry", "truck"}}
	for k, kind := range kinds {
		for i := range 8 {
			lines = append(lines, fmt.Sprintf("k%d-%d,%s model%d series%d", k, i, kind[1], i, k))
		}
	}
	s.importLines(lines...)
	for k, kind := range kinds {
		for i := range 8 {
			s.grade(kind[0], fmt.Sprintf("k%d-%d", k, i), 3)
			s.grade(kind[0], fmt.Sprintf("k%d-%d", (k+3)%8, i), 0)
		}
	}
	return s
}

func TestFineTuneAdoptsHonestlyAndGoesBack(t *testing.T) {
	s := tunable(t)
	before := s.search("torch")
	tuned, err := s.FineTune(t.Context(), 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v %s", tuned.After, tuned.Why)
	heads, used, err := s.Encoders()
	if err != nil || tuned.Adopted != (len(heads) == 1) || tuned.Adopted != (used == "tuned@1") {
		t.Fatalf("adopted %v, but %d stored and %q in use (%v)", tuned.Adopted, len(heads), used, err)
	}
	if tuned.Adopted && (tuned.After.Whole < tuned.Before.Whole || tuned.Why == "") {
		t.Errorf("adopted though left-out queries got worse: %+v", tuned)
	}
	// Whatever the check said: a head that is stored is used, kept over sessions
	// and undone.
	head := tuned.Head
	for i := range head.Up {
		head.Up[i] = float32(i%7) - 3
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	store, err := storage.Open(s.path, storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	stored, err := store.PutHead(head)
	if err != nil {
		t.Fatal(err)
	}
	s.use(store)
	name := fmt.Sprintf("tuned@%d", stored.Version)
	if err := s.UseEncoder(name); err != nil {
		t.Fatal(err)
	}
	other := s.search("torch")
	s.reopen()
	if _, used, _ := s.Encoders(); used != name {
		t.Errorf("%q is in use after opening again", used)
	}
	same := func(a, b []engine.Result) bool {
		for i := range a {
			if a[i].Product.ID != b[i].Product.ID || a[i].Score != b[i].Score {
				return false
			}
		}
		return len(a) == len(b)
	}
	if again := s.search("torch"); !same(again.Results, other.Results) {
		t.Error("the tuned encoder ranks otherwise after opening again")
	}
	if same(before.Results, other.Results) {
		t.Error("the tuned encoder changes nothing")
	}
	// New products are encoded as shipped, and mapped like the rest.
	s.importLines("id,title", "new,torch of steel")
	if status := s.Status(); status.Encoded != status.Products {
		t.Errorf("%d of %d products encoded", status.Encoded, status.Products)
	}
	if err := s.UseEncoder(""); err != nil {
		t.Fatal(err)
	}
	if _, used, _ := s.Encoders(); used != "" {
		t.Errorf("%q is in use after going back", used)
	}
	if err := s.UseEncoder("nobody@1"); err == nil {
		t.Error("an encoder that there is not was used")
	}
}

// Shoppers of every kind of thing want the genuine ones, and the words do not say
// so: what is learned of some queries holds for the others.
func TestFineTuneBacksUpBeforeItAdopts(t *testing.T) {
	s := newShop(t)
	lines := []string{"id,title"}
	kinds := strings.Fields("torch sofa phone laptop sneaker sweater faucet truck lamp kettle guitar camera drill helmet tent watch")
	for k, kind := range kinds {
		for i := range 4 {
			lines = append(lines, fmt.Sprintf("a%d-%d,%s replica", k, i, kind), fmt.Sprintf("b%d-%d,%s genuine", k, i, kind))
		}
	}
	s.importLines(lines...)
	for k, kind := range kinds {
		for i := range 4 {
			s.grade(kind+" shop", fmt.Sprintf("a%d-%d", k, i), 0)
			s.grade(kind+" shop", fmt.Sprintf("b%d-%d", k, i), 3)
		}
	}
	var reports sync.Mutex // they come from several goroutines
	var progress []engine.Progress
	tuned, err := s.FineTune(t.Context(), 1, func(p engine.Progress) {
		reports.Lock()
		defer reports.Unlock()
		progress = append(progress, p)
	})
	if err != nil {
		t.Fatal(err)
	}
	if !tuned.Adopted || tuned.After.Whole <= tuned.Before.Whole {
		t.Fatalf("what helps was not adopted: %+v to %+v, %s", tuned.Before, tuned.After, tuned.Why)
	}
	kept, err := storage.Backups(s.path)
	if err != nil || len(kept) == 0 || kept[0].Reason != "adopt" {
		t.Fatalf("the newest backups are %+v, %v", kept, err)
	}
	// The backup stands before the adoption.
	before, err := storage.Open(kept[0].Path, storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	heads, err := before.Heads()
	if err = errors.Join(err, before.Close()); err != nil || len(heads) != 0 {
		t.Errorf("the backup holds %d heads, %v", len(heads), err)
	}
	if last := progress[len(progress)-1]; last.Total == 0 || last.Stage == "" {
		t.Errorf("the last report is %+v", last)
	}
	if err := s.UseEncoder(""); err != nil {
		t.Fatal(err)
	}
	if _, used, err := s.Encoders(); used != "" || err != nil {
		t.Errorf("after going back %q is in use, %v", used, err)
	}
}

func TestFineTuneStopsAndRefuses(t *testing.T) {
	s := tunable(t)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := s.FineTune(ctx, 1, func(p engine.Progress) {
		if p.Stage == "fine-tuning" {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if _, used, err := s.Encoders(); used != "" || err != nil {
		t.Errorf("%q is in use after a cancel (%v)", used, err)
	}
	if _, err := newShop(t).FineTune(t.Context(), 1, nil); err == nil {
		t.Error("fine-tuned an empty workspace")
	}
}
