package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

// killed fills a server while the importer is killed again and again at random
// moments, and in place of it twice the server.
func (g *ingestion) killed(ctx context.Context, dir string) (err error) {
	s, err := g.newServer(ctx, dir, "ours", false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	g.start = time.Now()
	for k := 1; ; k++ {
		if err := s.fill(); err != nil {
			return err
		}
		// Somewhere on the way, at a hundred thousand products every 7 seconds.
		moment := time.Duration((2 + 10*rand.Float64()) * float64(g.products) / 1e5 * float64(time.Second))
		if k > g.kills {
			moment = 24 * time.Hour
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err := <-s.ended:
			if err != nil {
				return err
			}
			fmt.Printf("%6.0f s  all is sent, through %d kills\n", time.Since(g.start).Seconds(), k-1)
			if err := g.verify(ctx, s); err != nil {
				return err
			}
			return g.sorted(ctx, s)
		case <-time.After(moment):
		}
		if k == g.kills/3 || k == g.kills*2/3 {
			if err := g.killServer(ctx, s); err != nil {
				return err
			}
			continue
		}
		if err := s.process.Kill(); err != nil {
			return err
		}
		ended := <-s.ended // says that it was killed
		if err := g.lines(ctx, []*server{s}); err != nil {
			return err
		}
		fmt.Printf("%6.0f s  kill %d: the importer (%v)\n", time.Since(g.start).Seconds(), k, ended)
	}
}

// killServer kills the server below the importer, which gives up or not.
func (g *ingestion) killServer(ctx context.Context, s *server) error {
	if err := s.node.Kill(); err != nil {
		return err
	}
	fmt.Printf("%6.0f s  kill: the server\n", time.Since(g.start).Seconds())
	select {
	case <-ctx.Done():
		return ctx.Err()
	case err := <-s.ended:
		fmt.Printf("%6.0f s  the importer gave up (%v)\n", time.Since(g.start).Seconds(), err)
	case <-time.After(30 * time.Second):
		return errors.New("the importer waits for a server that is gone")
	}
	if err := s.node.Restart(); err != nil {
		return err
	}
	return s.node.Wait()
}
