package storage

import (
	"errors"
	"fmt"
	"time"

	"go.etcd.io/bbolt"

	"touchstone/engine"
)

// The buckets of clicks are made with the first of them; other workspaces lack
// them.
const (
	bucketClicks    = "clicks"     // query → engine.Clicks
	bucketClickLogs = "click logs" // hash of a file's clicks, or pageKey → when it was read
)

// clickLogKey is how long the hash of a file is.
const clickLogKey = 16

// addClicks adds counts to those that are there.
func addClicks(tx *bbolt.Tx, clicks []engine.Clicks) error {
	b, err := made(tx, bucketClicks)
	if err != nil {
		return err
	}
	for _, c := range clicks {
		texts := []string{c.Query}
		for _, t := range c.Tallies {
			texts = append(texts, t.Product)
		}
		if err := validText(texts...); err != nil {
			return fmt.Errorf("clicks of query %q: %w", shorten(c.Query), err)
		}
		if c.Query == "" {
			return errors.New("clicks of no query")
		}
		all := engine.Clicks{Query: c.Query}
		if _, err := b.get([]byte(c.Query), &all); err != nil {
			return err
		}
		all.Add(c.Tallies)
		if err := b.put([]byte(c.Query), all); err != nil {
			return fmt.Errorf("clicks of query %q: %w", shorten(c.Query), err)
		}
	}
	return nil
}

// Clicks lists what was shown and clicked, by query.
func (w *Workspace) Clicks() ([]engine.Clicks, error) {
	return list[engine.Clicks](w, bucketClicks, "reading clicks")
}

// clicks checks that every query's clicks are whole and under their own name.
func (c *checker) clicks(tx *bbolt.Tx) error {
	if err := scan(c, in(tx, bucketClickLogs), func([]byte, time.Time) {}); err != nil {
		return err
	}
	b := in(tx, bucketClicks)
	return scan(c, b, func(query []byte, clicks engine.Clicks) {
		if clicks.Query != string(query) {
			c.problem(b.name, query, "it says that it is of %q", shorten(clicks.Query))
		}
	})
}
