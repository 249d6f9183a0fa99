//go:build !unix

package diagnosis

// running says nothing here: the system does not let the file of a process that
// runs be removed.
func running(int) bool { return false }
