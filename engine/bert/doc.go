// Package bert runs BERT encoders: it opens Hugging Face model folders, turns
// texts into unit vectors, and writes the quantised folders that the program
// embeds.
//
// A Model is an engine.Encoder. Folders come as fs.FS, so that an embedded
// model, a folder on disk and a test's map of files are opened by the same code.
// The matrix products are package kernel's.
//
// It knows nothing of products, workspaces or where models are kept.
package bert
