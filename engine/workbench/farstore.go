package workbench

import "touchstone/engine"

// farStore is the workspace file with the products that a remote engine keeps
// for it, as far as searches and people ask for them.
type farStore struct {
	Store
	remotes *remotes
}

// Product reads a product from the file, or else from where the catalogue is.
func (s *farStore) Product(id string) (engine.Product, bool, error) {
	p, ok, err := s.Store.Product(id)
	if ok || err != nil {
		return p, ok, err
	}
	if far := s.remotes.keeper(); far != nil {
		row, ok, err := far.row(id)
		if !ok || err != nil {
			return p, false, err
		}
		sight, err := far.at(row)
		if err != nil {
			return p, false, err
		}
		return sight.product, true, nil
	}
	// What a shop's own search has shown may be in no catalogue of ours.
	s.remotes.mu.Lock()
	defer s.remotes.mu.Unlock()
	for _, far := range s.remotes.opened {
		if sight := far.shown(id); sight != nil {
			return sight.product, true, nil
		}
	}
	return p, false, nil
}

// ProductAt is Product by row.
func (s *farStore) ProductAt(row uint32) (engine.Product, bool, error) {
	far := s.remotes.of(row)
	if far == nil {
		return s.Store.ProductAt(row)
	}
	sight, err := far.at(row)
	if err != nil {
		return engine.Product{}, false, err
	}
	return sight.product, true, nil
}

// Row is the row of a product in the file, or else the one that it has here for
// as long as the workspace is open.
func (s *farStore) Row(id string) (uint32, bool, error) {
	row, ok, err := s.Store.Row(id)
	far := s.remotes.keeper()
	if ok || err != nil || far == nil {
		return row, ok, err
	}
	return far.row(id)
}

// of is the engine that brought a row here; nil for rows of the file.
func (r *remotes) of(row uint32) *elsewhere {
	if row < farRows {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, far := range r.opened {
		if far.has(row) {
			return far
		}
	}
	return nil
}
