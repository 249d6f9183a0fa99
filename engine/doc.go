// Package engine holds the field's nouns and the ports between Touchstone's
// parts: what a product, a query, a judgment, a ranker and an explained result
// are. Everything else speaks in these types.
//
// It performs no I/O and knows nothing of files, bbolt, Fyne, model weights or
// the network; it imports nothing of Touchstone. Where a part needs another one
// that may be swapped (an encoder, a source of candidates), the narrow
// interface it needs stands here.
package engine
