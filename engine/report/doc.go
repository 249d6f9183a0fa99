// Package report turns a comparison into something to carry to others: one
// HTML file that opens and prints anywhere, a spreadsheet with the numbers, a
// picture for a slide, a summary in Markdown and a verdict in JUnit XML for
// build servers.
//
// It writes to an io.Writer and opens nothing. It computes no number of its
// own: it must not know rankers, workspaces or how a metric is made.
package report
