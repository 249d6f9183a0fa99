package weaviate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	pb "github.com/weaviate/weaviate/grpc/generated/protocol/v1"
	"github.com/weaviate/weaviate/usecases/byteops"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/structpb"

	"touchstone/engine"
	"touchstone/engine/retrieve"
)

// most is how many products go in one request.
const most = 256

// tries is how often a request is repeated where the server, or a part of its
// cluster, does not answer; the pauses between double from firstPause.
const (
	tries      = 5
	firstPause = 200 * time.Millisecond
)

// uuidOf is always the same for a product, so that one that is put again
// replaces itself.
func (c *Catalogue) uuidOf(kind, id string) string {
	return uuid.NewSHA1(uuid.NameSpaceURL, []byte("touchstone:"+kind+":"+id)).String()
}

// Put adds or replaces products. Their terms are those of Brought.Words.
func (c *Catalogue) Put(ctx context.Context, products []engine.Brought) error {
	for len(products) > 0 {
		n := min(most, len(products))
		objects := make([]*pb.BatchObject, n)
		for i := range n {
			var err error
			if objects[i], err = c.object(&products[i]); err != nil {
				return err
			}
		}
		if err := c.putObjects(ctx, objects); err != nil {
			return err
		}
		products = products[n:]
	}
	return nil
}

// putObjects stores objects; those that fail alone are tried again alone.
func (c *Catalogue) putObjects(ctx context.Context, objects []*pb.BatchObject) error {
	var first string
	var of int
	return c.patiently(ctx, func() error {
		errs, err := c.batch(ctx, objects)
		if err != nil {
			return err
		}
		var left []*pb.BatchObject
		for _, e := range errs {
			i := int(e.GetIndex())
			if i < 0 || i >= len(objects) {
				return fmt.Errorf("store products: %s: it refused number %d of %d: %s", c.remote.Name, i, len(objects), short(e.GetError()))
			}
			left = append(left, objects[i])
		}
		if len(errs) > 0 {
			first, of = errs[0].GetError(), len(objects)
		}
		if objects = left; len(left) > 0 {
			return fmt.Errorf("store products: %s: it refused %d of %d; the first: %s: %w", c.remote.Name, len(left), of, short(first), errHalf)
		}
		return nil
	})
}

// errHalf says that a part of the cluster did not do its part.
var errHalf = errors.New("a part was not done")

// patiently repeats what fails for reasons that may pass.
func (c *Catalogue) patiently(ctx context.Context, do func() error) error {
	pause := firstPause
	for try := 1; ; try++ {
		err := do()
		if err == nil || try == tries || ctx.Err() != nil || !passing(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(pause):
			pause *= 2
		}
	}
}

// passing reports errors that may be gone at the next try: a node that went, or
// a cluster that has not yet noticed.
func passing(err error) bool {
	var code *grpcError
	if errors.Is(err, errHalf) || errors.As(err, &code) && code.Code() == codes.Unavailable {
		return true
	}
	text := err.Error()
	for _, sign := range []string{"it answered 5", "connection refused", "connection reset", "EOF", "leader not found", "no leader", "broadcast", "replicas", "unavailable", "(Aborted)"} {
		if strings.Contains(text, sign) {
			return true
		}
	}
	return false
}

// object is a product in Weaviate's form.
func (c *Catalogue) object(b *engine.Brought) (*pb.BatchObject, error) {
	p := &b.Product
	whole, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	properties := map[string]any{propProduct: string(whole), propID: p.ID}
	seen := map[string]bool{}
	var all []string
	for f, words := range b.Words {
		properties[wordProps[f]] = strings.Join(words, " ")
		for _, w := range words {
			if !seen[w] {
				seen[w] = true
				all = append(all, w)
			}
		}
	}
	properties[propTerms] = strings.Join(all, " ")
	for _, v := range []struct{ text, as, is string }{{p.Brand, propBrand, propBrandIs}, {p.Category, propCategory, propCategoryIs}} {
		if v.text != "" {
			properties[v.as], properties[v.is] = v.text, retrieve.Folded(v.text)
		}
	}
	n := retrieve.NumbersOf(p)
	for i, v := range []float64{n.Price, n.Rating, n.Popularity, n.Date} {
		if !math.IsNaN(v) {
			properties[string(numberProps[i])] = v
		}
	}
	o, err := c.newObject(c.class, c.uuidOf("product", p.ID), properties)
	if err == nil && len(b.Vector) > 0 {
		o.VectorBytes = byteops.Fp32SliceToBytes(b.Vector)
	}
	if err == nil && len(p.Attributes) > 0 {
		list := make([]string, len(p.Attributes))
		for i, a := range p.Attributes {
			list[i] = valid(attributeValue(a.Name, a.Value))
		}
		o.Properties.TextArrayProperties = []*pb.TextArrayProperties{{PropName: propAttributes, Values: list}}
	}
	return o, err
}

func attributeValue(name, value string) string {
	return retrieve.FoldedField(name) + "=" + retrieve.Folded(value)
}

// newObject is an object with properties that are texts and numbers.
func (c *Catalogue) newObject(class, id string, properties map[string]any) (*pb.BatchObject, error) {
	for name, v := range properties {
		if s, ok := v.(string); ok {
			properties[name] = valid(s)
		}
	}
	values, err := structpb.NewStruct(properties)
	if err != nil {
		return nil, err
	}
	return &pb.BatchObject{Uuid: id, Collection: class, Properties: &pb.BatchObject_Properties{NonRefProperties: values}}, nil
}

// Remove takes products out.
func (c *Catalogue) Remove(ctx context.Context, ids []string) error {
	for part := range slices.Chunk(ids, most) {
		if err := c.remove(ctx, contains(pb.Filters_OPERATOR_CONTAINS_ANY, propID, part)); err != nil {
			return err
		}
	}
	return nil
}
