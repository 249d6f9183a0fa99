package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"touchstone/engine"
)

// verify counts the products, and reads all of them.
func (g *ingestion) verify(ctx context.Context, s *server) error {
	n, err := s.catalogue.Count(ctx)
	if err != nil {
		return err
	}
	read, bare := 0, 0
	ids := make(map[string]bool, g.products)
	start := time.Now()
	err = s.catalogue.Each(ctx, func(list []engine.Brought) error {
		for _, b := range list {
			ids[b.Product.ID] = true
			if len(b.Vector) != (made{}).Dim() {
				bare++
			}
		}
		read += len(list)
		return nil
	})
	if err != nil {
		return err
	}
	missing := 0
	err = readFile(g.file, turn, func(products []engine.Product) error {
		for i := range products {
			if !ids[products[i].ID] {
				missing++
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	fmt.Printf("%s: counted %d; read back %d (in %.0f s) with %d IDs; %d of the file missing, %d without a vector\n", s.name, n, read, time.Since(start).Seconds(), len(ids), missing, bare)
	if n != g.products || read != n || len(ids) != n || missing > 0 || bare > 0 {
		return fmt.Errorf("%d products were stored", g.products)
	}
	return nil
}

// sorted looks on while the server sorts the vectors, and when it has, whether
// they are found.
func (g *ingestion) sorted(ctx context.Context, s *server) error {
	for end := time.Now().Add(g.queue); ; {
		if err := g.lines(ctx, []*server{s}); err != nil {
			return err
		}
		// Counting has loaded the class by now: before that, nothing waits.
		waiting, err := s.waiting(ctx)
		if err != nil {
			return err
		}
		if waiting == 0 {
			return g.found(ctx, s)
		}
		if time.Now().After(end) {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(every):
		}
	}
}

// found asks for products by their own vectors.
func (g *ingestion) found(ctx context.Context, s *server) error {
	const asked = 1000
	var some []engine.Brought
	errEnough := errors.New("enough")
	err := s.catalogue.Each(ctx, func(list []engine.Brought) error {
		if some = append(some, list...); len(some) >= asked {
			return errEnough
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return err
	}
	hits := 0
	for i := range some {
		found, err := s.catalogue.Retrieve(ctx, engine.Request{Vector: some[i].Vector, Depth: 10})
		if err != nil {
			return err
		}
		for _, c := range found.Items {
			if c.Product == some[i].Product.ID {
				hits++
				break
			}
		}
	}
	fmt.Printf("%s: of %d products %d are among the ten nearest to their own vector\n", s.name, len(some), hits)
	if hits < len(some)*95/100 {
		return errors.New("vectors are missing from the graph")
	}
	return nil
}
