package bert

import (
	"container/list"
	"slices"
	"sync"
)

// queryCacheSize is how many queries' vectors are kept: about 2 MB.
const queryCacheSize = 1024

// queryCache keeps the vectors of the queries that were asked for last.
type queryCache struct {
	mu      sync.Mutex
	size    int
	entries map[string]*list.Element
	recent  *list.List // of cachedQuery, the most recently asked for first
}

type cachedQuery struct {
	query  string
	vector []float32
}

func newQueryCache(size int) *queryCache {
	return &queryCache{size: size, entries: map[string]*list.Element{}, recent: list.New()}
}

// get returns a copy of a query's vector, which the caller may change.
func (c *queryCache) get(query string) ([]float32, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.entries[query]
	if !ok {
		return nil, false
	}
	c.recent.MoveToFront(e)
	return slices.Clone(e.Value.(cachedQuery).vector), true
}

// put keeps a copy of a query's vector and forgets the one that was asked for
// longest ago where there are too many.
func (c *queryCache) put(query string, vector []float32) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.entries[query]; ok {
		return
	}
	c.entries[query] = c.recent.PushFront(cachedQuery{query, slices.Clone(vector)})
	if c.recent.Len() > c.size {
		oldest := c.recent.Remove(c.recent.Back()).(cachedQuery)
		delete(c.entries, oldest.query)
	}
}
