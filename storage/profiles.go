package storage

import (
	"errors"
	"fmt"
	"slices"

	"go.etcd.io/bbolt"

	"touchstone/engine"
)

// bucketProfiles is made with the first profile; workspaces that have none, and
// those that an older Touchstone wrote, lack it.
const bucketProfiles = "profiles" // name → engine.Profile

// PutProfiles adds or replaces profiles by name, all or none.
func (w *Workspace) PutProfiles(profiles []engine.Profile) error {
	err := w.update(func(tx *bbolt.Tx, _ *state) error {
		if len(profiles) == 0 {
			return errUnchanged
		}
		b, err := made(tx, bucketProfiles)
		if err != nil {
			return err
		}
		for _, p := range profiles {
			if p.Name == "" {
				return errors.New("a profile needs a name")
			}
			texts := []string{p.Name}
			for _, e := range p.Events {
				texts = append(texts, e.Product, string(e.Action))
			}
			if err := validText(texts...); err != nil {
				return fmt.Errorf("profile %q: %w", shorten(p.Name), err)
			}
			if err := b.put([]byte(p.Name), p); err != nil {
				return fmt.Errorf("profile %q: %w", shorten(p.Name), err)
			}
		}
		return nil
	})
	return w.named("saving profiles", err)
}

// Profile reads one profile by name; false when there is none.
func (w *Workspace) Profile(name string) (p engine.Profile, found bool, err error) {
	err = w.view(func(tx *bbolt.Tx) error {
		found, err = in(tx, bucketProfiles).get([]byte(name), &p)
		return err
	})
	return p, found && err == nil, w.named("reading a profile", err)
}

// Profiles lists the names of the profiles in order.
func (w *Workspace) Profiles() (names []string, err error) {
	err = w.view(func(tx *bbolt.Tx) error {
		b := in(tx, bucketProfiles)
		if b.Bucket == nil {
			return nil
		}
		return b.ForEach(func(name, _ []byte) error {
			names = append(names, string(name))
			return nil
		})
	})
	return slices.Clip(names), w.named("listing profiles", err)
}

// profiles checks that every profile is whole and known by its own name.
func (c *checker) profiles(tx *bbolt.Tx) error {
	b := in(tx, bucketProfiles)
	return scan(c, b, func(name []byte, p engine.Profile) {
		c.counts.Profiles++
		if p.Name != string(name) {
			c.problem(b.name, name, "it says that it is of %q", shorten(p.Name))
		}
	})
}
