package workbench

import "touchstone/engine"

// Said is what everybody said of a pair, whoever asks.
func (b *Bench) Said(query, product string) []engine.Judgment { return b.others("", query, product) }
