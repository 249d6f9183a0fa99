package locale

import (
	"os"
	"strings"
)

// Fyne looks the locale up while its packages are initialised and logs an error
// where it is "C" or missing, as on servers and in containers. This package
// imports nothing that needs net/http, and so is initialised before Fyne's
// packages, which do: packages whose imports are ready are initialised in the
// order of their paths, and net/http waits for vendor/…, which comes after
// touchstone/…. A test of package main holds that it stays so.

// fallback is the locale of an environment that names no language.
const fallback = "en_US.UTF-8"

func init() {
	named := false
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		value, set := os.LookupEnv(name)
		switch language, _, _ := strings.Cut(value, "."); {
		case !set:
		case language == "" || language == "C" || language == "POSIX":
			os.Unsetenv(name)
		default:
			named = true
		}
	}
	if !named {
		os.Setenv("LANG", fallback)
	}
}
