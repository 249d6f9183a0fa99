package weaviate

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	pb "github.com/weaviate/weaviate/grpc/generated/protocol/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"touchstone/engine"
	"touchstone/engine/remote"
)

// defaultPort is where Weaviate listens for gRPC unless it is told otherwise.
const defaultPort = "50051"

// wire is the way to the gRPC ports of all nodes, over which products and
// searches go: a vector takes four bytes a value there, in JSON about ten. The
// official client's own search over gRPC is called experimental and checks no
// certificates, so this is the protocol that Weaviate publishes with its server.
type wire struct {
	names   []string // host:port
	nodes   []pb.WeaviateClient
	conns   []*grpc.ClientConn
	secret  string
	timeout time.Duration
	good    atomic.Int64 // place of the node that answered last
}

// newWire makes connections; they are made when they are first used.
func newWire(r engine.Remote, urls []*url.URL, trust *tls.Config, secret string) (*wire, error) {
	w := &wire{secret: secret, timeout: r.Timeout.Duration(remote.DefaultTimeout)}
	if r.GRPC != "" {
		w.names = strings.Split(r.GRPC, ",")
	} else {
		for _, u := range urls {
			w.names = append(w.names, net.JoinHostPort(u.Hostname(), defaultPort))
		}
	}
	way := insecure.NewCredentials()
	if urls[0].Scheme == "https" {
		way = credentials.NewTLS(trust)
	}
	for i, name := range w.names {
		w.names[i] = strings.TrimSpace(name)
		if _, _, err := net.SplitHostPort(w.names[i]); err != nil {
			return nil, fmt.Errorf("%s: %q is no address for gRPC; write host:port", r.Name, name)
		}
		conn, err := grpc.NewClient("passthrough:///"+w.names[i], grpc.WithTransportCredentials(way),
			grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(remote.MostBytes), grpc.MaxCallSendMsgSize(remote.MostBytes)),
			// A node that comes back is found again within seconds.
			grpc.WithConnectParams(grpc.ConnectParams{Backoff: backoff.Config{BaseDelay: 200 * time.Millisecond, Multiplier: 1.6, Jitter: 0.2, MaxDelay: 3 * time.Second}, MinConnectTimeout: 3 * time.Second}))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", r.Name, err)
		}
		w.conns = append(w.conns, conn)
		w.nodes = append(w.nodes, pb.NewWeaviateClient(conn))
	}
	return w, nil
}

// close ends the connections.
func (w *wire) close() {
	for _, conn := range w.conns {
		_ = conn.Close() // says only that it was closed before
	}
}

// call asks the node that answered last, and the next ones where it is gone or
// silent. All of them together have the timeout.
func (w *wire) call(ctx context.Context, do func(context.Context, pb.WeaviateClient) error) error {
	if w.secret != "" {
		ctx = metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+w.secret)
	}
	end := time.Now().Add(w.timeout)
	first := int(w.good.Load())
	var failed error
	for i := range w.nodes {
		at := (first + i) % len(w.nodes)
		mine, cancel := context.WithTimeout(ctx, time.Until(end)/time.Duration(len(w.nodes)-i))
		err := do(mine, w.nodes[at])
		cancel()
		if err == nil {
			w.good.Store(int64(at))
			return nil
		}
		failed = &grpcError{w.names[at], status.Convert(err)}
		if code := status.Code(err); ctx.Err() != nil || code != codes.Unavailable && code != codes.DeadlineExceeded {
			break
		}
	}
	return failed
}

// grpcError is what a call ended with, and where.
type grpcError struct {
	node string
	*status.Status
}

func (e *grpcError) Error() string { return e.Message() }

func (e *grpcError) Unwrap() error {
	switch e.Code() {
	case codes.DeadlineExceeded:
		return context.DeadlineExceeded
	case codes.Canceled:
		return context.Canceled
	}
	return nil
}

// told says in plain words why a call failed.
func (c *Catalogue) told(ctx context.Context, what string, err error) error {
	var e *grpcError
	if !errors.As(err, &e) {
		return c.failed(what, err)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	why := err
	switch e.Code() {
	case codes.Unauthenticated, codes.PermissionDenied:
		why = fmt.Errorf("it does not let this machine in; set its key as %s or in the keyring", remote.Variable(c.remote))
	case codes.Unavailable:
		// The other port tells better what is wrong: who is not there, or whose
		// certificate is not good.
		if _, failed := c.http.Misc().MetaGetter().Do(ctx); failed != nil {
			return c.failed(what, failed)
		}
		why = fmt.Errorf("it answers there, but not by gRPC at %s; name that address (--grpc): %w: %w", e.node, remote.ErrUnreachable, err)
	case codes.Unimplemented:
		why = fmt.Errorf("what answers by gRPC at %s is no Weaviate; name its address (--grpc)", e.node)
	case codes.DeadlineExceeded:
	default:
		why = fmt.Errorf("it answered: %s (%s)", short(e.Message()), e.Code())
	}
	return fmt.Errorf("%s: %w", what, remote.Explain(c.remote, why))
}

// search asks for objects of a class.
func (c *Catalogue) search(ctx context.Context, class string, search *pb.SearchRequest) ([]*pb.SearchResult, error) {
	search.Collection, search.Uses_127Api, search.ConsistencyLevel = class, true, c.consistency()
	var rows []*pb.SearchResult
	err := c.patiently(ctx, func() error {
		return c.told(ctx, "search", c.wire.call(ctx, func(ctx context.Context, node pb.WeaviateClient) error {
			reply, err := node.Search(ctx, search)
			rows = reply.GetResults()
			return err
		}))
	})
	return rows, err
}

// aggregate counts objects.
func (c *Catalogue) aggregate(ctx context.Context, ask *pb.AggregateRequest) (*pb.AggregateReply, error) {
	ask.Collection, ask.ObjectsCount = c.class, true
	var reply *pb.AggregateReply
	err := c.patiently(ctx, func() error {
		return c.told(ctx, "count products", c.wire.call(ctx, func(ctx context.Context, node pb.WeaviateClient) (err error) {
			reply, err = node.Aggregate(ctx, ask)
			return err
		}))
	})
	return reply, err
}

// batch stores objects and returns what was refused.
func (c *Catalogue) batch(ctx context.Context, objects []*pb.BatchObject) ([]*pb.BatchObjectsReply_BatchError, error) {
	var refused []*pb.BatchObjectsReply_BatchError
	err := c.told(ctx, "store products", c.wire.call(ctx, func(ctx context.Context, node pb.WeaviateClient) error {
		reply, err := node.BatchObjects(ctx, &pb.BatchObjectsRequest{Objects: objects, ConsistencyLevel: c.consistency()})
		refused = reply.GetErrors()
		return err
	}))
	return refused, err
}

// remove takes out the products that meet a condition.
func (c *Catalogue) remove(ctx context.Context, where *pb.Filters) error {
	return c.patiently(ctx, func() error {
		var failed int64
		err := c.told(ctx, "remove products", c.wire.call(ctx, func(ctx context.Context, node pb.WeaviateClient) error {
			reply, err := node.BatchDelete(ctx, &pb.BatchDeleteRequest{Collection: c.class, Filters: where, ConsistencyLevel: c.consistency()})
			failed = reply.GetFailed()
			return err
		}))
		if err == nil && failed > 0 {
			return fmt.Errorf("remove products: %s: %d were not removed: %w", c.remote.Name, failed, errHalf)
		}
		return err
	})
}

// consistency is how many copies must agree; nil is the server's default.
func (c *Catalogue) consistency() *pb.ConsistencyLevel {
	level, ok := pb.ConsistencyLevel_value["CONSISTENCY_LEVEL_"+c.remote.Consistency]
	if !ok {
		return nil
	}
	return pb.ConsistencyLevel(level).Enum()
}
