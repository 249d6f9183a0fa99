// Package compare answers whether ranking B is better than ranking A, and where
// it hurts: the difference of every query, the test and the sentence, the pages
// that lost most side by side, and the grades that would settle it.
//
// It compares orders of product IDs, whatever made them, and is a pure function
// of its input. It must not know rankers, workspaces or files; how good a page
// is it leaves to engine/measure.
package compare
