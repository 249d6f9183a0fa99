package storage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.etcd.io/bbolt"

	"touchstone/engine/workbench"
)

// Of the automatic backups the newest stay, and of the days before them the
// newest of each, so that an afternoon of imports does not push last week out.
const (
	keptBackups = 5
	keptDays    = 5
)

// setAside names what Restore put away: no automatic backup, and never removed.
const setAside = "before-restore"

// backupTime is how a backup's name says when it was made, to the tick.
const (
	backupTime = "20060102-150405.000"
	backupTick = time.Millisecond
)

// backupFolder is where the automatic backups of a workspace are.
func backupFolder(path string) string { return path + ".backups" }

// KeepBackup copies the workspace as it stands into the folder W.backups beside
// it, and removes older ones that it made there (keptBackups, keptDays). Nothing
// is copied when the newest backup is of the same transaction. reason is a word
// for the file's name.
func (w *Workspace) KeepBackup(ctx context.Context, reason string) error {
	return w.named("backing up", w.keepBackup(ctx, reason, 0))
}

// KeepDailyBackup is KeepBackup where the newest backup is older than a day.
func (w *Workspace) KeepDailyBackup(ctx context.Context) error {
	return w.named("backing up", w.keepBackup(ctx, "daily", 24*time.Hour))
}

func (w *Workspace) keepBackup(ctx context.Context, reason string, age time.Duration) error {
	if w.readOnly {
		return fmt.Errorf("%w: whoever opens it for writing keeps its backups", workbench.ErrReadOnly)
	}
	kept, err := Backups(w.path)
	if err != nil {
		return err
	}
	if len(kept) > 0 && age > 0 && time.Since(kept[0].Time) < age {
		return nil
	}
	if len(kept) > 0 && kept[0].Reason != setAside {
		if same, err := w.isCopiedBy(kept[0]); err != nil || same {
			return err
		}
	}
	if err := os.MkdirAll(backupFolder(w.path), 0o755); err != nil {
		return err
	}
	if _, err := newBackup(w.path, reason, func(dst string) error { return w.backup(ctx, dst) }); err != nil {
		return err
	}
	if kept, err = Backups(w.path); err != nil {
		return err
	}
	for _, old := range surplus(kept) {
		if err := os.Remove(old.Path); err != nil {
			return err
		}
	}
	return nil
}

// surplus are those of the backups, newest first, that need not stay.
func surplus(backups []workbench.Backup) []workbench.Backup {
	var old []workbench.Backup
	n, days, day := 0, 0, time.Time{}
	for _, b := range backups {
		if b.Reason == setAside {
			continue
		}
		n++
		made := b.Time.Truncate(24 * time.Hour)
		first := !made.Equal(day)
		if first {
			days, day = days+1, made
		}
		if n > keptBackups && !(first && days <= keptDays) {
			old = append(old, b)
		}
	}
	return old
}

// newBackup has write make the next file of the folder of backups, and returns
// its path. Its time is later than that of every file there, even where the
// clock has not moved on since, or was set back: the order of the names is the
// order of the backups.
func newBackup(path, reason string, write func(dst string) error) (string, error) {
	kept, err := Backups(path)
	if err != nil {
		return "", err
	}
	at := time.Now().UTC()
	if len(kept) > 0 && !at.Truncate(backupTick).After(kept[0].Time) {
		at = kept[0].Time.Add(backupTick)
	}
	dst := filepath.Join(backupFolder(path), at.Format(backupTime)+"-"+reason+".touchstone")
	return dst, write(dst)
}

// isCopiedBy reports whether a backup is of the transaction that stands.
func (w *Workspace) isCopiedBy(b workbench.Backup) (bool, error) {
	f, err := os.Open(b.Path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	copied := walk{r: f, pageSize: int64(w.pageSize)}
	m, err := copied.meta()
	if err != nil {
		return false, nil // a damaged backup copies nothing
	}
	same := false
	err = w.view(func(tx *bbolt.Tx) error {
		same = m.txid == uint64(tx.ID())
		return nil
	})
	return same, err
}

// Backups lists the automatic backups of the workspace at path, newest first.
func Backups(path string) ([]workbench.Backup, error) {
	entries, err := os.ReadDir(backupFolder(path))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	var all []workbench.Backup
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), ".touchstone")
		if !ok || len(name) <= len(backupTime) {
			continue
		}
		at, err := time.Parse(backupTime, name[:len(backupTime)])
		info, infoErr := e.Info()
		if err != nil || infoErr != nil {
			continue // a file of someone else, or removed meanwhile
		}
		all = append(all, workbench.Backup{Path: filepath.Join(backupFolder(path), e.Name()), Time: at, Reason: name[len(backupTime)+1:], Bytes: info.Size()})
	}
	slices.SortFunc(all, func(a, b workbench.Backup) int { return b.Time.Compare(a.Time) })
	return all, nil
}

// Restore puts a copy of a backup in the place of the workspace at path, which
// no one may have open. It verifies the backup first, and keeps the present
// file, damaged or not, in the folder of backups: aside is its path there, ""
// when there was none.
func Restore(ctx context.Context, path, backup string) (aside string, err error) {
	aside, err = restore(ctx, path, backup)
	if err != nil {
		return aside, fmt.Errorf("restoring %s from %s: %w", path, backup, err)
	}
	return aside, nil
}

func restore(ctx context.Context, path, backup string) (aside string, err error) {
	b, err := open(backup, Options{ReadOnly: true})
	if err != nil {
		return "", err
	}
	_, err = b.Check(ctx)
	if err = errors.Join(err, b.Close()); err != nil {
		return "", err
	}
	switch w, err := attach(path, &bbolt.Options{PreLoadFreelist: true}); {
	case err == nil:
		defer w.detach()
	case errors.Is(err, workbench.ErrInUse):
		return "", err
	}
	if _, err := os.Stat(path); err == nil {
		if err := os.MkdirAll(backupFolder(path), 0o755); err != nil {
			return "", err
		}
		aside, err = newBackup(path, setAside, func(dst string) error {
			return publish(dst, func(tmp *os.File) error { return copyFile(ctx, tmp, path) })
		})
		if err != nil {
			return "", fmt.Errorf("keeping the present file in %s: %w", backupFolder(path), err)
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	return aside, replace(path, func(tmp *os.File) error { return copyFile(ctx, tmp, backup) }, func() error { return nil })
}
