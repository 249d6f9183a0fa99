// Package workbench holds the use cases: import, search, grade, learn, measure,
// check. It is the one thing that the window and the command line call, and
// where the parts of engine/* meet.
//
// It must not know how the workspace is stored (it declares the Store it
// needs), nor that a window or a terminal exists. Long tasks take a context and
// report progress; results are values that their caller may keep.
package workbench
