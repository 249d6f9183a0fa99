// Package rank turns candidates into an explained order. It reads each
// candidate's features (how well the words match, how near the meaning is,
// whether it is the kind of product that was asked for), weighs them with a
// ranker, and says how much each feature added to the score.
//
// It must not know where candidates come from, how products are stored, how an
// encoder works or how weights are learned.
package rank
