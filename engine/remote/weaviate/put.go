package weaviate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strings"
	"time"

	"github.com/go-openapi/strfmt"
	"github.com/google/uuid"
	"github.com/weaviate/weaviate-go-client/v5/weaviate/fault"
	"github.com/weaviate/weaviate/entities/models"

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
func (c *Catalogue) uuidOf(kind, id string) strfmt.UUID {
	return strfmt.UUID(uuid.NewSHA1(uuid.NameSpaceURL, []byte("touchstone:"+kind+":"+id)).String())
}

// Put adds or replaces products. Their terms are those of Brought.Words.
func (c *Catalogue) Put(ctx context.Context, products []engine.Brought) error {
	for len(products) > 0 {
		n := min(most, len(products))
		objects := make([]*models.Object, n)
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
func (c *Catalogue) putObjects(ctx context.Context, objects []*models.Object) error {
	return c.patiently(ctx, func() error {
		answers, err := c.batch.Batch().ObjectsBatcher().WithObjects(objects...).WithConsistencyLevel(c.remote.Consistency).Do(ctx)
		if err != nil {
			return c.failed("store products", err)
		}
		if len(answers) != len(objects) {
			return fmt.Errorf("store products: %s: it answered for %d of %d: %w", c.remote.Name, len(answers), len(objects), errHalf)
		}
		var left []*models.Object
		var first string
		for i, a := range answers {
			if a.Result == nil || a.Result.Errors == nil || len(a.Result.Errors.Error) == 0 {
				continue
			}
			if first == "" {
				first = a.Result.Errors.Error[0].Message
			}
			left = append(left, objects[i])
		}
		if objects = left; len(left) > 0 {
			return fmt.Errorf("store products: %s: it refused %d of %d; the first: %s: %w", c.remote.Name, len(left), len(answers), short(first), errHalf)
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
	if errors.Is(err, errHalf) {
		return true
	}
	text := err.Error()
	for _, sign := range []string{"it answered 5", "connection refused", "connection reset", "EOF", "leader not found", "no leader", "broadcast", "replicas", "unavailable", "Unavailable"} {
		if strings.Contains(text, sign) {
			return true
		}
	}
	return false
}

// object is a product in Weaviate's form.
func (c *Catalogue) object(b *engine.Brought) (*models.Object, error) {
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
	if len(p.Attributes) > 0 {
		list := make([]string, len(p.Attributes))
		for i, a := range p.Attributes {
			list[i] = attributeValue(a.Name, a.Value)
		}
		properties[propAttributes] = list
	}
	n := retrieve.NumbersOf(p)
	for i, v := range []float64{n.Price, n.Rating, n.Popularity, n.Date} {
		if !math.IsNaN(v) {
			properties[string(numberProps[i])] = v
		}
	}
	return &models.Object{Class: c.class, ID: c.uuidOf("product", p.ID), Properties: properties, Vector: b.Vector}, nil
}

func attributeValue(name, value string) string {
	return retrieve.FoldedField(name) + "=" + retrieve.Folded(value)
}

// Remove takes products out.
func (c *Catalogue) Remove(ctx context.Context, ids []string) error {
	for _, id := range ids {
		err := c.patiently(ctx, func() error {
			err := c.http.Data().Deleter().WithClassName(c.class).WithID(string(c.uuidOf("product", id))).WithConsistencyLevel(c.remote.Consistency).Do(ctx)
			var fault *fault.WeaviateClientError
			if errors.As(err, &fault) && fault.StatusCode == http.StatusNotFound {
				return nil
			}
			return c.failed("remove "+id, err)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
