package weaviate

import (
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"touchstone/engine"
	"touchstone/engine/remote/weaviate/weaviatetest"
)

// TestClusterLosesANode: of three nodes with a copy of everything each, one is
// killed while products are stored and another one while they are searched. No
// product is lost or doubled, no search fails.
func TestClusterLosesANode(t *testing.T) {
	nodes := cluster(t, 3)
	r := weaviatetest.Remote(nodes)
	r.Replication, r.Consistency = 3, "QUORUM"
	c, err := Open(r, "")
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Prepare(t.Context(), about); err != nil {
		t.Fatal(err)
	}
	s := newShop(t, 2000)
	for i := 0; i < len(s.products); i += 250 {
		if i == 1000 {
			if err := nodes[2].Kill(); err != nil {
				t.Fatal(err)
			}
		}
		if err := c.Put(t.Context(), s.products[i:i+250]); err != nil {
			t.Fatalf("at %d: %v", i, err)
		}
	}
	seen := map[string]bool{}
	err = c.Each(t.Context(), func(list []engine.Brought) error {
		for _, b := range list {
			if seen[b.Product.ID] {
				t.Errorf("%s is there twice", b.Product.ID)
			}
			seen[b.Product.ID] = true
		}
		return nil
	})
	if err != nil || len(seen) != len(s.products) {
		t.Fatalf("with a node gone there are %d products, %v; want %d", len(seen), err, len(s.products))
	}
	if err := nodes[2].Restart(); err != nil {
		t.Fatal(err)
	}
	if err := nodes[2].Wait(); err != nil {
		t.Fatal(err)
	}

	// The first node is the one that is asked.
	var answered atomic.Int64
	killed := make(chan struct{})
	var group errgroup.Group
	for range 2 {
		group.Go(func() error {
			for n := 0; ; n++ {
				found, err := c.Retrieve(t.Context(), engine.Request{Analysis: s.analyzer.Analyze("desk lamp"), Vector: s.products[7].Vector, Depth: 20})
				if err != nil {
					return err
				}
				if len(found.Items) < 20 {
					t.Errorf("%d products were found", len(found.Items))
				}
				answered.Add(1)
				select {
				case <-killed:
					if n > 30 {
						return nil
					}
				default:
				}
			}
		})
	}
	for answered.Load() < 10 {
		time.Sleep(10 * time.Millisecond)
		if t.Context().Err() != nil {
			break
		}
	}
	if err := nodes[0].Kill(); err != nil {
		t.Error(err)
	}
	close(killed)
	if err := group.Wait(); err != nil {
		t.Errorf("after %d answers: %v", answered.Load(), err)
	}
}
