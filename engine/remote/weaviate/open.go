package weaviate

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"runtime"
	"strings"

	client "github.com/weaviate/weaviate-go-client/v5/weaviate"
	"github.com/weaviate/weaviate-go-client/v5/weaviate/fault"
	"github.com/weaviate/weaviate/entities/models"

	"touchstone/engine"
	"touchstone/engine/remote"
)

// defaultClass is the class that products are kept in unless told.
const defaultClass = "Touchstone"

// Catalogue is one class of a Weaviate with the products in it. It is safe for
// concurrent use.
type Catalogue struct {
	remote engine.Remote
	class  string
	http   *client.Client // for the schema
	wire   *wire          // for products
	read   read
}

// className is what Weaviate takes for one.
var className = regexp.MustCompile(`^[A-Z][A-Za-z0-9_]{0,127}$`)

// Open makes a catalogue of its address; it does not ask there yet.
func Open(r engine.Remote, secret string) (*Catalogue, error) {
	c := &Catalogue{remote: r, class: r.Index}
	if c.class == "" {
		c.class = defaultClass
	}
	if !className.MatchString(c.class) {
		return nil, fmt.Errorf("%s: %q is no name of a class; start with a capital letter and use letters and digits", r.Name, c.class)
	}
	if r.Consistency = strings.ToUpper(r.Consistency); r.Consistency != "" && r.Consistency != "ONE" && r.Consistency != "QUORUM" && r.Consistency != "ALL" {
		return nil, fmt.Errorf("%s: consistency %q is none of ONE, QUORUM and ALL", r.Name, r.Consistency)
	}
	c.remote = r
	hc, err := remote.Client(r, secret)
	if err != nil {
		return nil, err
	}
	nodes, err := remote.Nodes(r)
	if err != nil {
		return nil, err
	}
	config := client.Config{Host: nodes[0].Host, Scheme: nodes[0].Scheme, ConnectionClient: hc}
	if c.http, err = client.NewClient(config); err != nil {
		return nil, fmt.Errorf("%s: %w", r.Name, err)
	}
	trust, err := remote.Trust(r)
	if err != nil {
		return nil, err
	}
	if c.wire, err = newWire(r, nodes, trust, secret); err != nil {
		return nil, err
	}
	runtime.AddCleanup(c, (*wire).close, c.wire)
	return c, nil
}

// failed explains an error of the client.
func (c *Catalogue) failed(what string, err error) error {
	if err == nil {
		return nil
	}
	// The client hides the reason behind a text of its own.
	var fault *fault.WeaviateClientError
	for errors.As(err, &fault) && fault.DerivedFromError != nil {
		err = fault.DerivedFromError
	}
	if errors.As(err, &fault) {
		switch {
		case fault.StatusCode == http.StatusUnauthorized || fault.StatusCode == http.StatusForbidden:
			err = fmt.Errorf("it does not let this machine in (%d); set its key as %s or in the keyring", fault.StatusCode, remote.Variable(c.remote))
		case fault.StatusCode == http.StatusNotFound:
			err = fmt.Errorf("this address answers, but not as Weaviate does (404)")
		default:
			err = fmt.Errorf("it answered %d: %s", fault.StatusCode, short(fault.Msg))
		}
	}
	return fmt.Errorf("%s: %w", what, remote.Explain(c.remote, err))
}

// short is the first part of a message that a server wrote.
func short(s string) string {
	const most = 300
	if s = strings.Join(strings.Fields(s), " "); len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}

// schema is the class as the server has it, nil where it has none.
func (c *Catalogue) schema(ctx context.Context) (*models.Class, error) {
	found, err := c.http.Schema().ClassGetter().WithClassName(c.class).Do(ctx)
	var fault *fault.WeaviateClientError
	if errors.As(err, &fault) && fault.StatusCode == http.StatusNotFound {
		// So says a server without the class, and any other server.
		if ready, failed := c.http.Misc().MetaGetter().Do(ctx); failed == nil && ready.Version != "" {
			return nil, nil
		}
	}
	if err != nil {
		return nil, c.failed("look for the catalogue", err)
	}
	return found, nil
}
