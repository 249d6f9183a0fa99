// Package tune fine-tunes an encoder on grades: it learns a small map behind the
// encoder, so that a query's vector comes nearer to those of the products that
// people graded well. The gradients are those of cybertron's autograd (spago).
//
// It sees vectors and grades. It must not know what a product is, where vectors
// are kept or whether the result is adopted. spago ends the program where shapes
// do not match, so everything is checked before spago sees it.
package tune
