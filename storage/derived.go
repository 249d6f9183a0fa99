package storage

import (
	"errors"
	"fmt"

	"go.etcd.io/bbolt"
)

// PutDerived stores what can always be made again from the rest, such as the
// lexical index, under a name.
func (w *Workspace) PutDerived(name string, data []byte) error {
	err := w.update(func(tx *bbolt.Tx, _ *state) error {
		if name == "" {
			return errors.New("derived data needs a name")
		}
		key := []byte(name)
		value := append(make([]byte, sealSize, sealSize+len(data)), data...)
		return in(tx, bucketDerived).putSealed(key, seal(key, value))
	})
	return w.named(fmt.Sprintf("storing %q", shorten(name)), err)
}

// Derived calls fn with the bytes of a name, valid during the call only, and
// returns false when there are none. Damaged ones are an ErrDamaged, or gone
// where their name is what was damaged: make them again and put them over.
func (w *Workspace) Derived(name string, fn func(data []byte) error) (found bool, err error) {
	err = w.view(func(tx *bbolt.Tx) error {
		b := in(tx, bucketDerived)
		key := []byte(name)
		if len(key) == 0 || len(key) > bbolt.MaxKeySize {
			return nil
		}
		value := b.Get(key)
		if value == nil {
			return nil
		}
		willNeed(value)
		data, err := b.unseal(key, value)
		if err != nil {
			return err
		}
		found = true
		defer notNeeded(value)
		return outside(func() error { return fn(data) })
	})
	return found, w.named(fmt.Sprintf("reading %q", shorten(name)), err)
}
