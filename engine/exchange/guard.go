package exchange

import "strings"

// guard keeps a text from being run as a formula by a spreadsheet: like Quepid
// it puts a space before what starts with - = + or @. Reading takes it away
// with all other white space around values.
func guard(s string) string {
	if s != "" && strings.IndexByte("-=+@", s[0]) >= 0 {
		return " " + s
	}
	return s
}
