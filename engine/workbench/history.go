package workbench

import "touchstone/engine"

// HistoryRequest narrows the history of grades down. Zero values: of everything,
// the newest 100.
type HistoryRequest struct {
	Query, Product, Judge string
	Limit                 int
}

// History lists changes of grades, newest first: who, when, from what to what.
func (b *Bench) History(req HistoryRequest) ([]engine.Change, error) {
	if req.Limit <= 0 {
		req.Limit = 100
	}
	var list []engine.Change
	err := b.store.History(func(c engine.Change) bool {
		about := c.About()
		if (req.Query == "" || about.Query == req.Query) && (req.Product == "" || about.Product == req.Product) && (req.Judge == "" || about.Author() == req.Judge) {
			list = append(list, c)
		}
		return len(list) < req.Limit
	})
	return list, err
}
