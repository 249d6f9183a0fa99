// Package cli is Touchstone without a window: each command is one use case of
// engine/workbench, its flags and its JSON. Results go to stdout, progress and
// messages to stderr; the contract that other programs rely on stands in
// docs/cli.md.
//
// It knows nothing of Fyne, bbolt or model weights: main hands in what opens
// workspaces, encoders and the window.
package cli
