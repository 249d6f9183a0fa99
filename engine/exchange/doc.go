// Package exchange reads and writes every file that Touchstone trades with the
// rest of the world: catalogues, judgments, query sets, rankers and runs.
//
// Readers are tolerant of how a file is dressed (compression, encoding,
// delimiter, line endings, which columns there are) and strict about what it
// says: a row that cannot be understood is reported with its file, line and
// reason, and skipped. What is too large to be an honest file (a line of
// gigabytes, millions of columns, a decompression bomb) is refused by name.
// Formats are recognised by content; a file's name is only used in messages.
// Writers are exact, and a file appears under its name only when it is whole.
//
// The package knows files and the nouns of package engine. It must not know
// workspaces, how products are stored, or who asked.
package exchange
