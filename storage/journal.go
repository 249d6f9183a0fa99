package storage

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.etcd.io/bbolt"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

// The journal, W.journal, holds changes of judgments that could not be written
// to the workspace: a line each, of a CRC-32C in hexadecimal, a space, and an
// engine.Change in JSON whose Seq is 0. It outlives a crash and is played when
// the workspace is opened next.
func journalFile(path string) string { return path + ".journal" }

// journalFiles are the places of a workspace's journal: beside it, and in folder
// under a name that tells workspaces of one name apart.
func journalFiles(path, folder string) ([]string, error) {
	if folder == "" {
		return []string{journalFile(path)}, nil
	}
	full, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	name := fmt.Sprintf("%s.%x", filepath.Base(path), sha256.Sum256([]byte(full)))
	return []string{journalFile(path), journalFile(filepath.Join(folder, name[:len(name)-48]))}, nil
}

// Journal keeps a change of a judgment that the workspace could not store, and
// returns the file that has it: once there is no error, the change survives a
// crash and is stored when the workspace is opened next, unless DropJournal
// comes first. Where nothing can be written beside the workspace, the file is
// in Options.Journals.
func (w *Workspace) Journal(change engine.Change) (file string, err error) {
	if w.readOnly {
		return "", w.named("keeping a judgment", workbench.ErrReadOnly)
	}
	content, err := json.Marshal(change)
	if err != nil {
		return "", err
	}
	for _, file := range w.journals {
		failed := appendJournal(file, content)
		if failed == nil {
			return file, nil
		}
		err = errors.Join(err, w.named(fmt.Sprintf("keeping a judgment in %s", file), failed))
	}
	return "", err
}

func appendJournal(file string, content []byte) (err error) {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	// The line feed before it ends what an earlier, failed write left.
	line := fmt.Appendf(nil, "\n%08x %s\n", crc32.Checksum(content, castagnoli), content)
	if _, err := f.Write(line); err != nil {
		return err
	}
	return errors.Join(f.Sync(), syncFolder(filepath.Dir(file)))
}

// DropJournal removes the journal, once all that it holds is stored.
func (w *Workspace) DropJournal() error {
	for _, file := range w.journals {
		if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return w.named("removing its journal", err)
		}
	}
	return nil
}

// playJournal stores what the journals hold, the last change of each judgment
// unless that was made anew since, so that playing them twice is playing them
// once, and then removes them.
func (w *Workspace) playJournal() error {
	var changes []engine.Change
	var torn []string
	for _, file := range w.journals {
		data, err := os.ReadFile(file)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		} else if err != nil {
			return err
		}
		read, whole := readJournal(data)
		changes = append(changes, read...)
		if !whole {
			torn = append(torn, file)
		}
	}
	// In the order in which they were made: a share may have come and gone.
	slices.SortStableFunc(changes, func(a, b engine.Change) int { return a.Time.Compare(b.Time) })
	last := map[string]engine.Change{}
	var order []string
	for _, c := range changes {
		key := string(keyOf(c.About()))
		if _, known := last[key]; !known {
			order = append(order, key)
		}
		last[key] = c
	}
	if len(order) > 0 {
		if err := w.play(last, order); err != nil {
			return fmt.Errorf("storing what %s holds: %w", strings.Join(w.journals, ", "), err)
		}
	}
	for _, file := range torn {
		// Kept for a person to look at, out of the way of the next journal.
		if err := os.Rename(file, file+".damaged"); err != nil {
			return err
		}
	}
	return w.DropJournal()
}

// play stores the last change of each judgment, in the order of their keys.
func (w *Workspace) play(last map[string]engine.Change, order []string) error {
	return w.update(func(tx *bbolt.Tx, _ *state) error {
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
			c.add(engine.Change{Before: before, After: after, Brought: last[key].Brought})
		}
		return c.write()
	})
}

// readJournal is the changes of a journal, and whether every line could be read.
func readJournal(data []byte) (changes []engine.Change, whole bool) {
	whole = true
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
			whole = false
			continue
		}
		changes = append(changes, c)
	}
	return changes, whole
}
