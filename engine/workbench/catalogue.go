package workbench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"touchstone/engine"
)

// ListRequest asks for products as the catalogue has them: not ranked, and with
// the hidden ones on request.
type ListRequest struct {
	Text   string // words, the last of which may go on, or an ID; "" lists all
	Hidden bool   // the hidden products in place of the others
	Offset int
	K      int // 0 is 10
}

// ProductList is a part of the catalogue.
type ProductList struct {
	Total    int
	Products []engine.Product
}

// List reads products in the order in which they were first imported; those that
// have words of the text, best first.
func (b *Bench) List(ctx context.Context, req ListRequest) (*ProductList, error) {
	if req.K <= 0 {
		req.K = defaultK
	}
	req.Offset = max(0, req.Offset)
	v := b.view.Load()
	text := strings.TrimSpace(req.Text)
	switch {
	case req.Hidden:
		return b.listHidden(ctx, v, text, req)
	case text == "":
		list := &ProductList{Total: v.len()}
		return list, b.read(list, v.index.Live(req.Offset, req.K))
	}
	analysis := v.analyzer.Analyze(text)
	if err := v.index.Widen(&analysis, true); err != nil {
		return nil, err
	}
	found, err := v.retrieve(ctx, engine.Request{Analysis: analysis, Depth: req.Offset + req.K})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(found.Items, func(a, b engine.Candidate) int { return cmp.Compare(b.BM25, a.BM25) })
	list := &ProductList{Total: found.Total}
	var rows []uint32
	if p, ok, err := b.store.Product(text); err != nil {
		return nil, err
	} else if ok && !p.Hidden { // the ID itself, before all others
		row, _, err := b.store.Row(p.ID)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
		list.Total = max(1, list.Total)
	}
	for _, c := range found.Items {
		if len(rows) == 0 || c.Row != rows[0] {
			rows = append(rows, c.Row)
		}
	}
	rows = rows[min(req.Offset, len(rows)):]
	return list, b.read(list, rows[:min(req.K, len(rows))])
}

// read adds the products of rows to a list.
func (b *Bench) read(list *ProductList, rows []uint32) error {
	for _, row := range rows {
		p, ok, err := b.store.ProductAt(row)
		if err != nil {
			return err
		}
		if ok {
			list.Products = append(list.Products, p)
		}
	}
	return nil
}

// listHidden looks at every hidden product: they are few.
func (b *Bench) listHidden(ctx context.Context, v *view, text string, req ListRequest) (*ProductList, error) {
	all := &ProductList{}
	if err := b.read(all, v.hidden); err != nil {
		return nil, err
	}
	text = strings.ToLower(text)
	all.Products = slices.DeleteFunc(all.Products, func(p engine.Product) bool {
		return p.ID != req.Text && !strings.Contains(strings.ToLower(p.Title), text)
	})
	all.Total = len(all.Products)
	all.Products = all.Products[min(req.Offset, len(all.Products)):]
	all.Products = all.Products[:min(req.K, len(all.Products))]
	return all, ctx.Err()
}

// Product reads a product by its ID; false where there is none.
func (b *Bench) Product(id string) (engine.Product, bool, error) { return b.store.Product(id) }

// edits keeps what stood before each edit of this session, the newest last.
type edits struct {
	mu     sync.Mutex
	before [][]engine.Product
}

// mostEdits is how many edits can be taken back.
const mostEdits = 100

// Edit puts a product in the place of the one with its ID. It is on disk, and
// searches find the new one, when Edit returns; only a changed text is encoded
// again. A later import of the product puts what the file says in its place.
func (b *Bench) Edit(ctx context.Context, p engine.Product) error {
	return b.edit(ctx, "edit the product", []string{p.ID}, func(*engine.Product) engine.Product { return p })
}

// Hide keeps products out of every search from now on, or lets them back in. A
// later import leaves hidden products hidden.
func (b *Bench) Hide(ctx context.Context, hidden bool, ids ...string) error {
	what := "hide the products"
	if !hidden {
		what = "show the products"
	}
	return b.edit(ctx, what, ids, func(p *engine.Product) engine.Product {
		next := *p
		next.Hidden = hidden
		return next
	})
}

func (b *Bench) edit(ctx context.Context, what string, ids []string, change func(*engine.Product) engine.Product) error {
	return b.change(what, func() error {
		var before, after []engine.Product
		for _, id := range ids {
			p, ok, err := b.store.Product(id)
			if err != nil {
				return err
			}
			if !ok {
				return fmt.Errorf("%s: %w", what, &NoProductError{ID: id})
			}
			if next := change(&p); !sameProduct(p, next) {
				before, after = append(before, p), append(after, next)
			}
		}
		if len(after) == 0 {
			return nil
		}
		if err := b.put(ctx, after); err != nil {
			return err
		}
		b.edits.mu.Lock()
		defer b.edits.mu.Unlock()
		b.edits.before = append(b.edits.before, before)
		b.edits.before = b.edits.before[max(0, len(b.edits.before)-mostEdits):]
		return nil
	})
}

// UndoEdit takes back the newest edit of this session, and returns the products
// as they stand again; none where there is nothing to take back.
func (b *Bench) UndoEdit(ctx context.Context) ([]engine.Product, error) {
	var back []engine.Product
	err := b.change("take the edit back", func() error {
		b.edits.mu.Lock()
		defer b.edits.mu.Unlock()
		n := len(b.edits.before)
		if n == 0 {
			return nil
		}
		if err := b.put(ctx, b.edits.before[n-1]); err != nil {
			return err
		}
		back, b.edits.before = b.edits.before[n-1], b.edits.before[:n-1]
		return nil
	})
	return back, err
}

// put stores products and makes them what searches see. Once they are stored,
// the rest goes on after ctx ends: what is shown must be what is stored.
func (b *Bench) put(ctx context.Context, products []engine.Product) error {
	changed := b.watch()
	rows, err := b.store.PutProducts(ctx, products)
	if err != nil {
		return err
	}
	changed.add(rows)
	ctx = context.WithoutCancel(ctx)
	if err := b.look(ctx, changed, nil); err != nil {
		return errors.Join(errors.New("the products are stored, but searches do not see them yet"), err)
	}
	// Of a catalogue that was never encoded, or not to its end, the rest stays so.
	return b.encodeOf(ctx, func(row uint32) bool { return slices.Contains(rows, row) }, nil)
}

// NoProductError is the error of an ID that is none of the catalogue's.
type NoProductError struct{ ID string }

// Error says where IDs are found.
func (e *NoProductError) Error() string {
	return fmt.Sprintf("the catalogue has no product %q; find its ID in Catalogue, or with touchstone product list", e.ID)
}
