package remote

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"sync/atomic"
	"time"

	"touchstone/engine"
)

// Limits of every answer.
const (
	MostBytes      = 64 << 20         // of one answer
	DefaultTimeout = 10 * time.Second // for one request
)

// ErrUnreachable says that an engine could not be asked, or did not answer in
// time: another try may work.
var ErrUnreachable = errors.New("it cannot be reached")

// Client makes the HTTP client for an engine: it trusts the engine's
// certificates, sends its secret, gives up in time, reads no answer without end,
// and asks another node where one does not answer.
func Client(r engine.Remote, secret string) (*http.Client, error) {
	nodes, err := Nodes(r)
	if err != nil {
		return nil, err
	}
	base := http.DefaultTransport.(*http.Transport).Clone()
	base.MaxIdleConnsPerHost = 16
	base.DialContext = (&net.Dialer{Timeout: 3 * time.Second, KeepAlive: 30 * time.Second}).DialContext
	base.TLSHandshakeTimeout = 5 * time.Second
	if base.TLSClientConfig, err = Trust(r); err != nil {
		return nil, err
	}
	scheme := "Bearer"
	if r.Kind == engine.Elasticsearch {
		scheme = "ApiKey"
	}
	return &http.Client{
		Transport: &transport{base: base, nodes: nodes, user: r.User, scheme: scheme, secret: secret},
		Timeout:   r.Timeout.Duration(DefaultTimeout),
		// A secret must not follow a redirect to wherever it leads.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}, nil
}

// Trust says whose certificates are good for an engine.
func Trust(r engine.Remote) (*tls.Config, error) {
	trust := &tls.Config{MinVersion: tls.VersionTLS12}
	if r.CA == "" {
		return trust, nil
	}
	pem, err := os.ReadFile(r.CA)
	if err != nil {
		return nil, fmt.Errorf("%s: its certificates: %w", r.Name, err)
	}
	trust.RootCAs = x509.NewCertPool()
	if !trust.RootCAs.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s: %s holds no certificate; give a file in PEM form", r.Name, r.CA)
	}
	return trust, nil
}

// Nodes are the addresses of an engine.
func Nodes(r engine.Remote) ([]*url.URL, error) {
	if len(r.URLs) == 0 {
		return nil, fmt.Errorf("%s: it has no address; write one such as http://127.0.0.1:8080", r.Name)
	}
	var nodes []*url.URL
	for _, s := range r.URLs {
		u, err := url.Parse(s)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return nil, fmt.Errorf("%s: %q is no address; write one such as http://127.0.0.1:8080", r.Name, s)
		}
		if u.User != nil {
			return nil, fmt.Errorf("%s: an address must not hold a password; give the name of the user apart, and the password by %s or the keyring", r.Name, Variable(r))
		}
		nodes = append(nodes, u)
	}
	return nodes, nil
}

// transport sends a request to the node that answered last, or to the next one.
type transport struct {
	base   http.RoundTripper
	nodes  []*url.URL
	user   string
	scheme string // of the secret
	secret string
	good   atomic.Int64 // place of the node that answered last
}

func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	var failed error
	first := int(t.good.Load())
	for i := range t.nodes {
		at := (first + i) % len(t.nodes)
		try := r.Clone(r.Context())
		try.URL.Scheme, try.URL.Host, try.Host = t.nodes[at].Scheme, t.nodes[at].Host, ""
		if i > 0 && r.Body != nil {
			if r.GetBody == nil {
				break
			}
			var err error
			if try.Body, err = r.GetBody(); err != nil {
				return nil, err
			}
		}
		switch {
		case t.user != "":
			try.SetBasicAuth(t.user, t.secret)
		case t.secret != "":
			try.Header.Set("Authorization", t.scheme+" "+t.secret)
		}
		res, err := t.base.RoundTrip(try)
		if err == nil {
			t.good.Store(int64(at))
			res.Body = &bounded{res.Body, MostBytes}
			return res, nil
		}
		failed = err
		if r.Context().Err() != nil {
			break
		}
	}
	return nil, failed
}

// bounded is an answer that fails behind its most bytes.
type bounded struct {
	io.ReadCloser
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, fmt.Errorf("the answer has more than %d bytes", int64(MostBytes))
	}
	n, err := b.ReadCloser.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}

// Explain says in plain words what went wrong with an engine and what to do.
func Explain(r engine.Remote, err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	where := r.Name
	if len(r.URLs) > 0 {
		where = fmt.Sprintf("%s (%s)", r.Name, r.URLs[0])
	}
	var authority x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	var record tls.RecordHeaderError
	var timeout net.Error
	var op *net.OpError
	switch {
	case errors.As(err, &authority):
		return fmt.Errorf("%s: no one this machine trusts signed its certificate; give the file of its authority (--ca): %w", where, err)
	case errors.As(err, &host), errors.As(err, &invalid):
		return fmt.Errorf("%s: its certificate is not valid for this address: %w", where, err)
	case errors.As(err, &record):
		return fmt.Errorf("%s: it does not speak TLS; write http:// if that is meant: %w", where, err)
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return fmt.Errorf("%s: no answer within %v; look whether it is busy, or give it more time (--timeout): %w: %w", where, r.Timeout.Duration(DefaultTimeout), ErrUnreachable, err)
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return fmt.Errorf("%s: its answer ended half-way: %w: %w", where, ErrUnreachable, err)
	case errors.As(err, &op):
		return fmt.Errorf("%s: look whether it is running and whether the address is right: %w: %w", where, ErrUnreachable, err)
	}
	return fmt.Errorf("%s: %w", where, err)
}
