package storage

import (
	"context"
	"fmt"

	"go.etcd.io/bbolt"

	"touchstone/engine"
)

// PutRanker stores a ranker under its name with the next version, from 1, which
// it returns in the result. Older versions stay.
func (w *Workspace) PutRanker(ranker engine.Ranker) (engine.Ranker, error) {
	err := w.update(func(tx *bbolt.Tx, _ *state) error {
		texts := []string{ranker.Name, string(ranker.Kind)}
		for _, weight := range ranker.Weights {
			texts = append(texts, weight.Feature)
		}
		if err := validText(texts...); err != nil {
			return err
		}
		b := in(tx, bucketRankers)
		ranker.Version = 1
		err := each(context.Background(), b, func(_ []byte, older engine.Ranker) error {
			if older.Name == ranker.Name {
				ranker.Version = older.Version + 1
			}
			return nil
		})
		if err != nil {
			return err
		}
		return b.append(ranker)
	})
	if err != nil {
		return engine.Ranker{}, w.named(fmt.Sprintf("saving ranker %q", shorten(ranker.Name)), err)
	}
	return ranker, nil
}

// Rankers lists all versions of all rankers, oldest first.
func (w *Workspace) Rankers() ([]engine.Ranker, error) {
	return list[engine.Ranker](w, bucketRankers, "reading rankers")
}
