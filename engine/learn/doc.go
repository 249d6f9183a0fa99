// Package learn turns grades into rankers: ranking losses, optimisers, weighted
// sums, networks and trees, cross-validation by query, and the decision whether a
// new ranker may replace the one in use.
//
// It sees a plain dataset: rows of features in groups, with grades. It must not
// know what a product is, how candidates are found or what a feature measures;
// features differ for it by name and sign only. It stores nothing.
package learn
