package storage

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"time"

	"go.etcd.io/bbolt"

	"touchstone/engine"
)

// A page of results is told of in pieces, and who got no answer sends a piece
// again. What was counted of a page is known again for a week, and then
// forgotten: the list of it stays as long as a week's pages.
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
// and returns that.
func (w *Workspace) AddPages(pages []engine.ResultPage) ([]engine.Clicks, error) {
	return w.addPages(pages, time.Now().UTC())
}

func (w *Workspace) addPages(pages []engine.ResultPage, now time.Time) (added []engine.Clicks, err error) {
	err = w.update(func(tx *bbolt.Tx, _ *state) error {
		logs, err := made(tx, bucketClickLogs)
		if err != nil {
			return err
		}
		isNew := func(page *engine.ResultPage, product string, what byte) (bool, error) {
			hash := pageHash(page, product, what)
			for ago := -1; ago <= pageDays; ago++ { // from tomorrow: clocks are set back
				if logs.Get(pageKey(now.AddDate(0, 0, -ago), hash)) != nil {
					return false, nil
				}
			}
			return true, logs.put(pageKey(now, hash), now)
		}
		var fresh []engine.ResultPage
		for i := range pages {
			page := engine.ResultPage{ID: pages[i].ID, Query: pages[i].Query}
			for _, t := range pages[i].Tallies {
				for what, n := range map[byte]*int{wasShown: &t.Shown, wasClicked: &t.Clicked} {
					if *n == 0 {
						continue
					}
					isNew, err := isNew(&page, t.Product, what)
					if err != nil {
						return err
					}
					if !isNew {
						*n = 0
					}
				}
				if t.Shown+t.Clicked > 0 {
					page.Tallies = append(page.Tallies, t)
				}
			}
			fresh = append(fresh, page)
		}
		if added = engine.ClicksOf(fresh); len(added) == 0 {
			return errUnchanged
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
