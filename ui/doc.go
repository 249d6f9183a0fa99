// Package ui is the window: a shell with menus, the search screen with its
// results and its inspector, imports that run beside it, and pictures of the
// screen drawn without a display.
//
// It calls the use cases of engine/workbench through the Bench it declares and
// is handed by main. It knows neither bbolt nor a model's weights nor a file
// format. What the screen shows lives in values that only Fyne's goroutine
// touches; everything that takes time runs in tasks and comes back to it.
package ui
