package workbench

import "context"

// keepBackup keeps an automatic backup before a change that is hard to take
// back: an import, or the adoption of a model. A workspace without products and
// grades has nothing to keep. reason is one word.
func (b *Bench) keepBackup(ctx context.Context, reason string) error {
	if _, judgments := b.grades.counts(nil); b.store.Generation() == 0 && judgments == 0 {
		return nil
	}
	return b.store.KeepBackup(ctx, reason)
}

// KeepDailyBackup keeps an automatic backup if the newest is older than a day
// and something has changed since: a judge may go on for months without any
// import. It takes as long as copying the file, and nothing waits for it.
func (b *Bench) KeepDailyBackup(ctx context.Context) error {
	if b.store.ReadOnly() {
		return nil
	}
	return b.store.KeepDailyBackup(ctx)
}
