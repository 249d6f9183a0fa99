package storage

import (
	"fmt"
	"slices"

	"go.etcd.io/bbolt"

	"touchstone/engine/workbench"
)

// Settings are the workspace's settings. Its lists are shared by all who read
// them, several times a search: who changes one puts a copy in its place.
func (w *Workspace) Settings() workbench.Settings { return w.state.Load().settings }

// PutSettings replaces the settings.
func (w *Workspace) PutSettings(settings workbench.Settings) error {
	settings = cloneSettings(settings)
	err := w.update(func(tx *bbolt.Tx, s *state) error {
		if err := validSettings(settings); err != nil {
			return err
		}
		s.settings = settings
		return in(tx, bucketWorkspace).put([]byte(keySettings), settings)
	})
	return w.named("saving the settings", err)
}

// Generation counts the transactions that changed products.
func (w *Workspace) Generation() uint64 { return w.state.Load().generation }

// countGeneration records that the transaction changes products.
func countGeneration(tx *bbolt.Tx, s *state) error {
	s.generation++
	return in(tx, bucketWorkspace).put([]byte(keyGeneration), s.generation)
}

// cloneSettings copies the lists, without room behind them into which two who
// append would write.
func cloneSettings(s workbench.Settings) workbench.Settings {
	s.Catalogue.Fields = slices.Clip(slices.Clone(s.Catalogue.Fields))
	s.Scale = slices.Clip(slices.Clone(s.Scale))
	s.Remotes = slices.Clip(slices.Clone(s.Remotes))
	return s
}

func validSettings(s workbench.Settings) error {
	texts := []string{s.Catalogue.Name, s.Catalogue.Language, s.Model, s.Ranker, s.Judge, s.Rules, string(s.Consensus), s.Pictures.Folder}
	for _, f := range s.Catalogue.Fields {
		texts = append(texts, f.Name, string(f.Role))
	}
	for _, l := range s.Scale {
		texts = append(texts, l.Name, l.Help, l.Key, l.Colour)
	}
	if err := validText(texts...); err != nil {
		return fmt.Errorf("a setting: %w", err)
	}
	return nil
}
