// Package diagnosis keeps what helps to find out what went wrong: a log that
// rotates, a report of each crash, and the text that "Copy diagnostics" copies.
//
// What it copies names no product, query or person unless a person chose that:
// of the log's records only the time, the message, which is always a constant of
// the program, numbers, durations and truth values go out, and of a crash only
// where it happened. Whatever may be somebody's words is an error or a string,
// and stays on the machine.
//
// The package knows nothing of workspaces, searching or windows.
package diagnosis
