// Package kernel holds the inner loops: matrix products in float32 and int8,
// and the element-wise steps around them, for the vector units that the machine
// has. Every kernel has a portable twin in plain Go that gives the same results
// and that tests compare it with.
//
// It knows shapes and numbers only: nothing of models, tokens or products. It
// allocates nothing but packed weights, and starts no goroutine: callers split
// the work.
package kernel

//go:generate go run ./gen
