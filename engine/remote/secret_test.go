package remote

import (
	"errors"
	"strings"
	"testing"

	"github.com/zalando/go-keyring"

	"touchstone/engine"
)

// TestSecretsComeFromEnvironmentOrKeyring: the environment first; the keyring
// gives a secret only for the addresses that it was kept for.
func TestSecretsComeFromEnvironmentOrKeyring(t *testing.T) {
	keyring.MockInit()
	r := engine.Remote{Name: "shop", URLs: []string{"https://search.example.com:9200"}}
	is := func(r engine.Remote, want, where string) {
		t.Helper()
		if secret, from, err := Secret(r); secret != want || !strings.Contains(from, where) || err != nil {
			t.Errorf("secret %q from %q, %v; want %q from %q", secret, from, err, want, where)
		}
	}
	is(r, "", "")
	if err := PutSecret(r, "s3cret"); err != nil {
		t.Fatal(err)
	}
	is(r, "s3cret", "keyring")
	elsewhere := r
	elsewhere.URLs = []string{"https://evil.example.com:9200"}
	is(elsewhere, "", "")
	t.Setenv("TOUCHSTONE_KEY_SEARCH_EXAMPLE_COM", "other")
	is(r, "other", "TOUCHSTONE_KEY_SEARCH_EXAMPLE_COM")
	t.Setenv("TOUCHSTONE_KEY_SEARCH_EXAMPLE_COM", "")
	for range 2 { // the second time there is nothing to remove
		if err := PutSecret(r, ""); err != nil {
			t.Error(err)
		}
	}
	is(r, "", "")
}

// TestWithoutKeyring: a machine that has none works without, and says what to do
// where a secret is to be kept; one whose keyring is locked says so.
func TestWithoutKeyring(t *testing.T) {
	r := engine.Remote{Name: "shop", URLs: []string{"https://search.example.com"}}
	for text, none := range map[string]bool{
		"The name org.freedesktop.secrets was not provided by any .service files": true,
		"exec: \"dbus-launch\": executable file not found in $PATH":               true,
		"failed to unlock correct collection '/org/secrets/collection/login'":     false,
	} {
		keyring.MockInitWithError(errors.New(text))
		if secret, _, err := Secret(r); secret != "" || (err == nil) != none {
			t.Errorf("%s: %q, %v", text, secret, err)
		}
		if err := PutSecret(r, "s3cret"); err == nil || !strings.Contains(err.Error(), Variable(r)) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: keeping a secret says %v; want the variable named", text, err)
		}
	}
}
