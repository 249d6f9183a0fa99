// Package model holds the scoring side of rankers: what a learned ranker
// computes from a row of features, and how much of the score each feature
// brings. learn writes these models, rank reads them.
//
// It must not know how a model is fitted, what a feature measures or what a
// product is.
package model
