package storage

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"time"

	"go.etcd.io/bbolt"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

// A page of results is told of in pieces, and who got no answer sends a piece
// again; a file may hold what was sent before, or what an older file holds. What
// was counted of a page is known again for a week, and then forgotten: the list of
// it stays as long as a week's pages.
const (
	pageDays = 7
	// pagePrefix stands behind all hashes of files, in the order of keys.
	pagePrefix = "p"
	dayLayout  = "20060102"
	pageKeyLen = len(pagePrefix) + len(dayLayout) + clickLogKey
	// mostForgotten bounds what one call forgets.
	mostForgotten = 10_000
)

// The two things that count of a product on a page.
const (
	wasShown byte = iota
	wasClicked
)

// pageHash names what counts of a product on a page.
func pageHash(page *engine.ResultPage, product string, what byte) []byte {
	h := sha256.New()
	for _, s := range []string{page.ID, page.Query, product} {
		h.Write(binary.AppendUvarint(nil, uint64(len(s))))
		h.Write([]byte(s))
	}
	h.Write([]byte{what})
	return h.Sum(nil)[:clickLogKey/2]
}

// pageKey is the key of what was counted on a day, or without a hash that before
// which those of the day begin.
func pageKey(day time.Time, hash []byte) []byte {
	return hex.AppendEncode(day.AppendFormat([]byte(pagePrefix), dayLayout), hash)
}

func isPageKey(key []byte) bool {
	return len(key) == pageKeyLen && bytes.HasPrefix(key, []byte(pagePrefix))
}

// AddPages adds of pages what was not added within a week before, all or none,
// and returns that. source is the hash of the file that they are from, "" for
// none: a second time it is workbench.ErrAlreadyRead.
func (w *Workspace) AddPages(source string, pages []engine.ResultPage) ([]engine.Clicks, error) {
	return w.addPages(source, pages, time.Now().UTC())
}

func (w *Workspace) addPages(source string, pages []engine.ResultPage, now time.Time) (added []engine.Clicks, err error) {
	err = w.update(func(tx *bbolt.Tx, _ *state) error {
		if len(engine.ClicksOf(pages)) == 0 {
			return errUnchanged
		}
		logs, err := made(tx, bucketClickLogs)
		if err != nil {
			return err
		}
		if source != "" {
			if err := logSource(logs, source, now); err != nil {
				return err
			}
		}
		fresh, counted := newOnPages(logs, pages, now)
		added = engine.ClicksOf(fresh)
		if len(added) == 0 && source == "" {
			return errUnchanged
		}
		// In order: each then goes behind the one before.
		for _, hash := range slices.Sorted(maps.Keys(counted)) {
			if err := logs.put(pageKey(now, []byte(hash)), now); err != nil {
				return err
			}
		}
		if err := forgetPages(logs, now.AddDate(0, 0, -pageDays)); err != nil {
			return err
		}
		return addClicks(tx, added)
	})
	if err != nil {
		return nil, w.named("saving clicks", err)
	}
	return added, nil
}

// logSource lists a file as read.
func logSource(logs bucket, source string, now time.Time) error {
	if len(source) != clickLogKey {
		return fmt.Errorf("%q is no hash of a file", source)
	}
	var when time.Time
	if found, err := logs.get([]byte(source), &when); err != nil {
		return err
	} else if found {
		return fmt.Errorf("%w on %s", workbench.ErrAlreadyRead, when.Format(time.DateOnly))
	}
	return logs.put([]byte(source), now)
}

// newOnPages is what of pages is not listed as counted, and the hashes under which
// it is to be.
func newOnPages(logs bucket, pages []engine.ResultPage, now time.Time) (fresh []engine.ResultPage, counted map[string]bool) {
	counted = map[string]bool{}
	days := listedDays(logs, now)
	isNew := func(page *engine.ResultPage, product string, what byte) bool {
		hash := pageHash(page, product, what)
		if counted[string(hash)] {
			return false
		}
		for _, day := range days {
			if logs.Get(pageKey(day, hash)) != nil {
				return false
			}
		}
		counted[string(hash)] = true
		return true
	}
	for i := range pages {
		page := engine.ResultPage{ID: pages[i].ID, Query: pages[i].Query}
		for _, t := range pages[i].Tallies {
			if t.Shown > 0 && !isNew(&page, t.Product, wasShown) {
				t.Shown = 0
			}
			if t.Clicked > 0 && !isNew(&page, t.Product, wasClicked) {
				t.Clicked = 0
			}
			if t.Shown+t.Clicked > 0 {
				page.Tallies = append(page.Tallies, t)
			}
		}
		fresh = append(fresh, page)
	}
	return fresh, counted
}

// listedDays are the days of the week before on which something was counted, and
// tomorrow: clocks are set back.
func listedDays(logs bucket, now time.Time) (days []time.Time) {
	for ago := -1; ago <= pageDays; ago++ {
		day := now.AddDate(0, 0, -ago)
		first := pageKey(day, nil)
		if key, _ := logs.Cursor().Seek(first); bytes.HasPrefix(key, first) {
			days = append(days, day)
		}
	}
	return days
}

// forgetPages removes what was counted before a day.
func forgetPages(logs bucket, day time.Time) error {
	first := pageKey(day, nil)
	var old [][]byte
	for c, key := logs.Cursor(), []byte(nil); len(old) < mostForgotten; {
		if key == nil {
			key, _ = c.Seek([]byte(pagePrefix))
		} else {
			key, _ = c.Next()
		}
		if !isPageKey(key) || bytes.Compare(key, first) >= 0 {
			break
		}
		old = append(old, bytes.Clone(key))
	}
	for _, key := range old {
		if err := logs.Delete(key); err != nil {
			return err
		}
	}
	return nil
}
