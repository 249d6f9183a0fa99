// Package locale settles the language of the environment before Fyne reads it.
// It knows nothing but environment variables.
//
// Fyne looks the locale up while its packages are initialised and logs an error
// where it is "C" or missing, as on servers and in containers. This package
// imports os alone, and so is initialised before Fyne's, which need net/http:
// packages whose imports are ready are initialised in the order of their paths,
// and net/http waits for vendor/…, which comes after touchstone/…. A test of
// package main holds that it stays so.
package locale

import (
	"os"
	"strings"
)

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
