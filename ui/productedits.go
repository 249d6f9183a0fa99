package ui

import (
	"context"

	"touchstone/engine"
	"touchstone/ui/locale"
)

// productEdits changes products of the catalogue, for the Catalogue screen and
// for the results of a search, and takes the changes back.
type productEdits struct {
	bench   Bench
	tasks   *tasks
	tell    func(notice)
	changed func(id string) // a product is another one than before
}

// aboutEdits is what notices of changes are about: what their button takes back
// is the newest change.
const aboutEdits = "products"

// save stores a changed product. Then is told what came of it; nil tells no one
// but the person.
func (e *productEdits) save(p engine.Product, then func(error)) {
	e.write(p.ID, func(ctx context.Context) error { return e.bench.Edit(ctx, p) },
		locale.T("“%s” is changed, and found as it now is.", p.Title), then)
}

// hide hides a product, or lets a hidden one be found again.
func (e *productEdits) hide(p *engine.Product) {
	said := locale.T("“%s” is hidden: no search shows it.", p.Title)
	if p.Hidden {
		said = locale.T("“%s” can be found again.", p.Title)
	}
	id, hidden := p.ID, !p.Hidden
	e.write(id, func(ctx context.Context) error { return e.bench.Hide(ctx, hidden, id) }, said, nil)
}

// write changes a product after all earlier changes, and tells what came of it.
func (e *productEdits) write(id string, do func(context.Context) error, said string, then func(error)) {
	e.tasks.inOrder(func() func() {
		err := do(context.Background())
		return func() {
			if then != nil {
				then(err)
			}
			if err != nil {
				e.tell(failure(locale.T("The product was not changed"), err))
				return
			}
			e.tell(notice{text: said, action: locale.T("Undo"), do: e.undo, about: aboutEdits})
			e.changed(id)
		}
	})
}

// undo takes back the newest change of a product.
func (e *productEdits) undo() {
	e.tasks.inOrder(func() func() {
		back, err := e.bench.UndoEdit(context.Background())
		return func() {
			switch {
			case err != nil:
				e.tell(failure(locale.T("The change was not taken back"), err))
			case len(back) == 0:
				e.tell(notice{text: locale.T("There is no change of a product to take back.")})
			default:
				e.tell(notice{text: locale.T("“%s” is as it was.", back[0].Title), about: aboutEdits})
				e.changed(back[0].ID)
			}
		}
	})
}
