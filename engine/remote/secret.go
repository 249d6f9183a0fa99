package remote

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"unicode"

	"github.com/zalando/go-keyring"

	"touchstone/engine"
)

// service is the name under which the keyring keeps secrets.
const service = "touchstone"

// Variable is the environment variable that holds an engine's secret. It is named
// after the hosts that get it, so that a workspace that came by mail cannot send
// it elsewhere.
func Variable(r engine.Remote) string {
	var hosts []string
	for _, s := range r.URLs {
		if u, err := url.Parse(s); err == nil && !slices.Contains(hosts, u.Hostname()) {
			hosts = append(hosts, u.Hostname())
		}
	}
	return "TOUCHSTONE_KEY_" + strings.Map(func(r rune) rune {
		if r < 128 && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return unicode.ToUpper(r)
		}
		return '_'
	}, strings.Join(hosts, "_"))
}

// Secret is what an engine is told to let this machine in: from the environment,
// or else from the system's keyring, where it is kept for these addresses. "" is
// none.
func Secret(r engine.Remote) (secret, from string, err error) {
	if s := os.Getenv(Variable(r)); s != "" {
		return s, "the variable " + Variable(r), nil
	}
	s, err := keyring.Get(service, account(r))
	switch {
	case err == nil:
		return s, "the system's keyring", nil
	case errors.Is(err, keyring.ErrNotFound), errors.Is(err, keyring.ErrUnsupportedPlatform), noKeyring(err):
		return "", "", nil
	}
	return "", "", fmt.Errorf("%s: the system's keyring: %w", r.Name, err)
}

// noKeyring tells the errors of machines that have none from those of one that
// cannot be read.
func noKeyring(err error) bool {
	for _, sign := range []string{"dbus", "D-Bus", "org.freedesktop", "executable file not found"} {
		if strings.Contains(err.Error(), sign) {
			return true
		}
	}
	return false
}

// PutSecret keeps a secret in the system's keyring; "" removes it.
func PutSecret(r engine.Remote, secret string) error {
	var err error
	if secret == "" {
		if err = keyring.Delete(service, account(r)); errors.Is(err, keyring.ErrNotFound) {
			return nil
		}
	} else {
		err = keyring.Set(service, account(r), secret)
	}
	if err != nil {
		return fmt.Errorf("%s: the system's keyring does not take the secret; set %s instead: %w", r.Name, Variable(r), err)
	}
	return nil
}

func account(r engine.Remote) string { return strings.Join(r.URLs, " ") }
