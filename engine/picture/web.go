package picture

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"
)

const (
	fetches   = 4 // at once
	redirects = 3
)

// web fetches pictures. The addresses come from a catalogue that anyone may have
// written, so that only public hosts are asked: no picture makes this machine
// speak to its own services or to others of its network.
type web struct {
	direct, proxied *http.Client
	slots           chan struct{}
}

func newWeb() web { return webThrough(publicOnly) }

// webThrough lets control look at each host's address before it is dialled.
func webThrough(control func(network, address string, c syscall.RawConn) error) web {
	client := func(proxy func(*http.Request) (*url.URL, error), control func(string, string, syscall.RawConn) error) *http.Client {
		dialer := &net.Dialer{Timeout: 5 * time.Second, Control: control}
		return &http.Client{
			Timeout: MaxTime,
			Transport: &http.Transport{
				Proxy: proxy, DialContext: dialer.DialContext, ForceAttemptHTTP2: true,
				TLSHandshakeTimeout: 5 * time.Second, ResponseHeaderTimeout: MaxTime,
				MaxIdleConns: fetches, MaxConnsPerHost: fetches, IdleConnTimeout: 30 * time.Second, MaxResponseHeaderBytes: 64 << 10,
			},
			CheckRedirect: func(req *http.Request, via []*http.Request) error {
				if len(via) > redirects {
					return errors.New("it leads from one address to another and another")
				}
				if !IsAddress(req.URL.String()) {
					return fmt.Errorf("it leads to %s, which is not on the web", req.URL.Scheme)
				}
				return nil
			},
		}
	}
	// Where a proxy stands between, it is the proxy that is dialled.
	return web{direct: client(nil, control), proxied: client(http.ProxyFromEnvironment, nil), slots: make(chan struct{}, fetches)}
}

// open asks for an address without telling it who asks: no cookies, no referrer.
func (w *web) open(ctx context.Context, address string) (io.ReadCloser, error) {
	select {
	case w.slots <- struct{}{}:
		defer func() { <-w.slots }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	if req.URL.User != nil {
		return nil, errors.New("an address of a picture must not hold a password")
	}
	req.Header.Set("User-Agent", "Touchstone")
	req.Header.Set("Accept", "image/webp,image/png,image/jpeg,image/gif")
	client := w.direct
	proxy, err := http.ProxyFromEnvironment(req)
	if err != nil {
		return nil, err
	}
	if proxy != nil {
		client = w.proxied
	}
	answer, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the server says %s", answer.Status)
	}
	if answer.ContentLength > MaxBytes {
		return nil, fmt.Errorf("%w: %d MB", ErrTooLarge, answer.ContentLength>>20)
	}
	// The whole answer is read while it holds its slot: a slow one does not keep
	// others from being decoded.
	data, err := io.ReadAll(io.LimitReader(answer.Body, MaxBytes+1))
	if err != nil {
		return nil, err
	}
	return io.NopCloser(bytes.NewReader(data)), nil
}

var errPrivate = errors.New("pictures are fetched from public addresses only, not from this network")

// publicOnly refuses hosts of this machine and of its network. It sees the
// address that is dialled, whatever a name resolves to.
func publicOnly(_, address string, _ syscall.RawConn) error {
	host, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	if ip := host.Addr().Unmap(); !public(ip) {
		return errPrivate
	}
	return nil
}

// shared is the range of carriers' own networks (RFC 6598).
var shared = netip.MustParsePrefix("100.64.0.0/10")

func public(ip netip.Addr) bool {
	return ip.IsGlobalUnicast() && !ip.IsPrivate() && !shared.Contains(ip)
}
