// Package measure says how good a ranking is and whether one is better than
// another: ranking metrics under the conventions of the tools that people
// compare with, the agreed grade of several judges and how far they agree, and
// paired tests.
//
// Everything here is a pure function of grades and orders. It must not know
// where a ranking came from, what a feature or a ranker is, or how anything is
// stored.
package measure
