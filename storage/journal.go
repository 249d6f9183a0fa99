package storage

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"

	"go.etcd.io/bbolt"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

// The journal, W.journal, holds changes of judgments that could not be written
// to the workspace: a line each, of a CRC-32C in hexadecimal, a space, and an
// engine.Change in JSON whose Seq is 0. It outlives a crash and is played when
// the workspace is opened next.
func journalFile(path string) string { return path + ".journal" }

// Journal keeps a change of a judgment that the workspace could not store: once
// it returns nil, the change survives a crash and is stored when the workspace
// is opened next, unless DropJournal comes first.
func (w *Workspace) Journal(change engine.Change) error {
	return w.named(fmt.Sprintf("keeping a judgment in %s", journalFile(w.path)), w.journal(change))
}

func (w *Workspace) journal(change engine.Change) (err error) {
	if w.readOnly {
		return workbench.ErrReadOnly
	}
	content, err := json.Marshal(change)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(journalFile(w.path), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	// The line feed before it ends what an earlier, failed write left.
	line := fmt.Appendf(nil, "\n%08x %s\n", crc32.Checksum(content, castagnoli), content)
	if _, err := f.Write(line); err != nil {
		return err
	}
	return errors.Join(f.Sync(), syncFolder(filepath.Dir(w.path)))
}

// DropJournal removes the journal, once all that it holds is stored.
func (w *Workspace) DropJournal() error {
	err := os.Remove(journalFile(w.path))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return w.named("removing its journal", err)
}

// Recovered is how many judgments Open found in the journal of a session that
// could not store them, and stored.
func (w *Workspace) Recovered() int { return w.recovered }

// playJournal stores what the journal holds, the last change of each judgment
// unless that was made anew since, so that playing it twice is playing it once,
// and then removes it.
func (w *Workspace) playJournal() error {
	data, err := os.ReadFile(journalFile(w.path))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	last, order, torn := readJournal(data)
	err = w.update(func(tx *bbolt.Tx, _ *state) error {
		c := newChanges(tx)
		for _, key := range order {
			before, err := c.stands([]byte(key))
			if err != nil {
				return err
			}
			after := last[key].After
			if before != nil && before.Looked().After(last[key].Time) {
				continue // graded anew since
			}
			if before == nil && after == nil || before != nil && after != nil && before.Same(after) {
				continue
			}
			c.add(engine.Change{Before: before, After: after})
		}
		return c.write()
	})
	if err != nil {
		return fmt.Errorf("storing what %s holds: %w", journalFile(w.path), err)
	}
	w.recovered = len(order)
	if torn {
		// Kept for a person to look at, out of the way of the next journal.
		return os.Rename(journalFile(w.path), journalFile(w.path)+".damaged")
	}
	return w.DropJournal()
}

// readJournal is the last change of each judgment by its key, the keys in the
// order in which they first came, and whether a line could not be read.
func readJournal(data []byte) (last map[string]engine.Change, order []string, torn bool) {
	last = map[string]engine.Change{}
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, len(data)+1)
	for lines.Scan() {
		if len(lines.Bytes()) == 0 {
			continue
		}
		var sum uint32
		var c engine.Change
		head, content, _ := bytes.Cut(lines.Bytes(), []byte(" "))
		if _, err := fmt.Sscanf(string(head), "%x", &sum); err != nil || sum != crc32.Checksum(content, castagnoli) || json.Unmarshal(content, &c) != nil {
			torn = true
			continue
		}
		key := string(keyOf(c.About()))
		if _, known := last[key]; !known {
			order = append(order, key)
		}
		last[key] = c
	}
	return last, order, torn
}
