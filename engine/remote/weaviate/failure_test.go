package weaviate

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	pb "github.com/weaviate/weaviate/grpc/generated/protocol/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"touchstone/engine"
	"touchstone/engine/remote"
)

// fake is a server that answers as a test says.
type fake struct {
	pb.UnimplementedWeaviateServer
	search func(ctx context.Context) (*pb.SearchReply, error)
	batch  func(n int) (*pb.BatchObjectsReply, error)
}

func (f *fake) Search(ctx context.Context, _ *pb.SearchRequest) (*pb.SearchReply, error) {
	return f.search(ctx)
}

func (f *fake) Aggregate(context.Context, *pb.AggregateRequest) (*pb.AggregateReply, error) {
	return &pb.AggregateReply{}, nil
}

func (f *fake) BatchObjects(_ context.Context, r *pb.BatchObjectsRequest) (*pb.BatchObjectsReply, error) {
	return f.batch(len(r.GetObjects()))
}

// listens runs a server on a port of its own; its address.
func listens(t *testing.T, f pb.WeaviateServer, options ...grpc.ServerOption) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := grpc.NewServer(options...)
	pb.RegisterWeaviateServer(s, f)
	done := make(chan error, 1)
	go func() { done <- s.Serve(l) }()
	t.Cleanup(func() {
		s.Stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return l.Addr().String()
}

// meta answers by HTTP as a Weaviate that runs.
func meta(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprint(w, `{"version":"1.35.2"}`)
}

// closed is an address at which no one listens.
func closed(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func object(product string, vector []byte) *pb.SearchReply {
	return &pb.SearchReply{Results: []*pb.SearchResult{{
		Properties: &pb.PropertiesResult{NonRefProps: &pb.Properties{Fields: map[string]*pb.Value{propProduct: {Kind: &pb.Value_TextValue{TextValue: product}}}}},
		Metadata:   &pb.MetadataResult{VectorBytes: vector},
	}}}
}

// TestFailures: whatever the server does, there is a message that names it and
// says what to do, within the timeout.
func TestFailures(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(meta))
	defer server.Close()
	const patience = 300 * time.Millisecond
	says := func(code codes.Code, text string) func(context.Context) (*pb.SearchReply, error) {
		return func(context.Context) (*pb.SearchReply, error) { return nil, status.Error(code, text) }
	}
	for name, c := range map[string]struct {
		search func(context.Context) (*pb.SearchReply, error)
		says   string
		away   bool // an older answer may stand in
	}{
		"slow":         {func(ctx context.Context) (*pb.SearchReply, error) { <-ctx.Done(); return nil, ctx.Err() }, "no answer within 300ms", true},
		"bad key":      {says(codes.Unauthenticated, "invalid api key"), remote.Variable(engine.Remote{URLs: []string{"http://127.0.0.1"}}), false},
		"not let in":   {says(codes.PermissionDenied, "rbac"), "keyring", false},
		"no class":     {says(codes.Unknown, "could not find class Shop in schema"), "could not find class Shop", false},
		"wrong schema": {func(context.Context) (*pb.SearchReply, error) { return object("", nil), nil }, "no product of Touchstone's", false},
		"no product":   {func(context.Context) (*pb.SearchReply, error) { return object(`{"price":1}`, nil), nil }, "another program writes there", false},
		"half":         {func(context.Context) (*pb.SearchReply, error) { return object(`{"id":"a"}`, make([]byte, 9)), nil }, "half of the vector of a", false},
	} {
		t.Run(name, func(t *testing.T) {
			r := engine.Remote{Name: "shop", Kind: engine.Weaviate, URLs: []string{server.URL}, GRPC: listens(t, &fake{search: c.search}), Timeout: engine.Seconds(patience.Seconds())}
			fails(t, r, c.says, c.away)
		})
	}
	t.Run("no Weaviate", func(t *testing.T) {
		fails(t, engine.Remote{Name: "shop", URLs: []string{server.URL}, GRPC: listens(t, pb.UnimplementedWeaviateServer{})}, "is no Weaviate", false)
	})
	t.Run("down", func(t *testing.T) {
		fails(t, engine.Remote{Name: "shop", URLs: []string{"http://" + closed(t)}, GRPC: closed(t)}, "whether it is running", true)
	})
	t.Run("no gRPC", func(t *testing.T) {
		fails(t, engine.Remote{Name: "shop", URLs: []string{server.URL}, GRPC: closed(t)}, "--grpc", true)
	})
	for _, bad := range []string{"nowhere", "a:1,b"} {
		if _, err := Open(engine.Remote{Name: "shop", URLs: []string{server.URL}, GRPC: bad}, ""); err == nil {
			t.Errorf("%q was taken as an address", bad)
		}
	}
}

// fails checks what a search at an engine says.
func fails(t *testing.T, r engine.Remote, says string, away bool) {
	t.Helper()
	c, err := Open(r, "")
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Retrieve(t.Context(), engine.Request{Vector: []float32{1, 0}, Depth: 3})
	if err == nil || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), "shop") {
		t.Errorf("%v; want it to say %q", err, says)
	}
	if errors.Is(err, remote.ErrUnreachable) != away {
		t.Errorf("unreachable %v, want %v: %v", !away, away, err)
	}
}

// TestHalfABatch: what a server refuses of a batch is sent again, the rest is
// not, and what it refuses for good is told.
func TestHalfABatch(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(meta))
	defer server.Close()
	var sizes []int
	refuse := 1
	address := listens(t, &fake{batch: func(n int) (*pb.BatchObjectsReply, error) {
		sizes = append(sizes, n)
		if len(sizes) > refuse {
			return &pb.BatchObjectsReply{}, nil
		}
		return &pb.BatchObjectsReply{Errors: []*pb.BatchObjectsReply_BatchError{{Index: int32(n - 1), Error: "not enough replicas"}}}, nil
	}})
	c, err := Open(engine.Remote{Name: "shop", URLs: []string{server.URL}, GRPC: address}, "")
	if err != nil {
		t.Fatal(err)
	}
	products := []engine.Brought{{Product: engine.Product{ID: "a"}}, {Product: engine.Product{ID: "b"}}, {Product: engine.Product{ID: "c"}}}
	if err := c.Put(t.Context(), products); err != nil || fmt.Sprint(sizes) != "[3 1]" {
		t.Errorf("sent %v, %v; want all three and then the last, which was refused", sizes, err)
	}
	sizes, refuse = nil, 100
	if err := c.Put(t.Context(), products[:2]); err == nil || !strings.Contains(err.Error(), "not enough replicas") {
		t.Errorf("refused for good: %v", err)
	}
}

// TestSilentNode: a node that accepts and says nothing is passed over within the
// timeout, and not asked first again.
func TestSilentNode(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(meta))
	defer server.Close()
	var asked atomic.Int32
	silent := listens(t, &fake{search: func(ctx context.Context) (*pb.SearchReply, error) { asked.Add(1); <-ctx.Done(); return nil, ctx.Err() }})
	good := listens(t, &fake{search: func(context.Context) (*pb.SearchReply, error) { return object(`{"id":"a"}`, nil), nil }})
	c, err := Open(engine.Remote{Name: "shop", URLs: []string{server.URL, server.URL}, GRPC: silent + ", " + good, Timeout: 2}, "")
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		found, err := c.Retrieve(t.Context(), engine.Request{Vector: []float32{1, 0}, Depth: 3})
		if err != nil || len(found.Items) != 1 {
			t.Fatalf("%v, %v", found.Items, err)
		}
	}
	if n := asked.Load(); n != 1 {
		t.Errorf("the silent node was asked %d times", n)
	}
}

// TestTrustsAndSendsItsKey: over TLS with the authority that was named, and with
// no other; the key goes along.
func TestTrustsAndSendsItsKey(t *testing.T) {
	certificate, ca := authority(t)
	server := httptest.NewUnstartedServer(http.HandlerFunc(meta))
	server.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}}
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // of handshakes that are to fail
	server.StartTLS()
	defer server.Close()
	var got []string
	address := listens(t, &fake{search: func(ctx context.Context) (*pb.SearchReply, error) {
		md, _ := metadata.FromIncomingContext(ctx)
		got = md.Get("authorization")
		return object(`{"id":"a"}`, nil), nil
	}}, grpc.Creds(credentials.NewServerTLSFromCert(&certificate)))
	r := engine.Remote{Name: "shop", URLs: []string{server.URL}, GRPC: address, CA: ca}
	c, err := Open(r, "s3cret")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Retrieve(t.Context(), engine.Request{Vector: []float32{1, 0}}); err != nil || len(got) != 1 || got[0] != "Bearer s3cret" {
		t.Errorf("%v; the key arrived as %q", err, got)
	}
	r.CA = ""
	fails(t, r, "--ca", false)
	r.URLs = []string{strings.Replace(server.URL, "https:", "http:", 1)}
	c, err = Open(r, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Retrieve(t.Context(), engine.Request{Vector: []float32{1, 0}}); err == nil {
		t.Error("a server with TLS was read without")
	}
}

// authority makes a certificate for this machine that signs itself, and its file.
func authority(t *testing.T) (tls.Certificate, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, path
}
