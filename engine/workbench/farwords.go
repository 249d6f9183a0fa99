package workbench

import (
	"context"
	"errors"

	"touchstone/engine"
	"touchstone/engine/remote"
	"touchstone/engine/retrieve"
)

// farWords is the dictionary of a catalogue that is kept elsewhere: as it was
// last fetched, or fetched now.
func (b *Bench) farWords(ctx context.Context) (*retrieve.Dictionary, error) {
	counts := retrieve.NewCounts()
	found, err := b.store.Derived(farWordsName, counts.Merge)
	if err == nil && found {
		return counts.Dictionary()
	}
	counts, err = b.fetchWords(ctx)
	if errors.Is(err, remote.ErrUnreachable) {
		return retrieve.NewCounts().Dictionary() // words weigh alike until it can be reached
	}
	if err != nil {
		return nil, err
	}
	return counts.Dictionary()
}

// farWordsName is the derived data that holds what was fetched.
const farWordsName = "far words"

// fetchWords reads what all writers have counted, and keeps it.
func (b *Bench) fetchWords(ctx context.Context) (*retrieve.Counts, error) {
	catalogue, err := b.farCatalogue()
	if err != nil {
		return nil, err
	}
	counts := retrieve.NewCounts()
	_, there, err := catalogue.About(ctx)
	if err != nil {
		return nil, err
	}
	if there {
		if err := catalogue.EachWords(ctx, counts.Merge); err != nil {
			return nil, err
		}
	}
	data, err := counts.Encode()
	if err != nil {
		return nil, err
	}
	return counts, b.store.PutDerived(farWordsName, data)
}

// farCatalogue is where the catalogue is kept, which must not be the workspace.
func (b *Bench) farCatalogue() (engine.RemoteCatalogue, error) {
	settings := b.store.Settings()
	far, err := b.elsewhere(settings.Home)
	if err != nil {
		return nil, err
	}
	return far.catalogue()
}

// RefreshRemote reads again what a remote catalogue tells of itself: how many
// products it has and what their words weigh. Other machines may have filled it.
func (b *Bench) RefreshRemote(ctx context.Context) error {
	return b.change("refresh", func() error {
		settings := b.store.Settings()
		if settings.Home == "" {
			return nil
		}
		if _, err := b.fetchWords(ctx); err != nil {
			return err
		}
		return b.look(ctx, nil, nil)
	})
}
