package weaviate

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"

	pb "github.com/weaviate/weaviate/grpc/generated/protocol/v1"

	"touchstone/engine"
)

// Count is how many products there are.
func (c *Catalogue) Count(ctx context.Context) (int, error) {
	total, err := c.aggregate(ctx, &pb.AggregateRequest{})
	return int(total.GetSingleResult().GetObjectsCount()), err
}

// Each calls fn with all products in the order of their UUIDs.
func (c *Catalogue) Each(ctx context.Context, fn func([]engine.Brought) error) error {
	return c.each(ctx, c.class, []string{propProduct}, func(objects []*pb.SearchResult) error {
		list := make([]engine.Brought, len(objects))
		for i, o := range objects {
			var err error
			if list[i], err = c.brought(o); err != nil {
				return err
			}
		}
		return fn(list)
	})
}

// each reads some properties of a class from its start to its end.
func (c *Catalogue) each(ctx context.Context, class string, properties []string, fn func([]*pb.SearchResult) error) error {
	after := "00000000-0000-0000-0000-000000000000"
	for {
		objects, err := c.search(ctx, class, &pb.SearchRequest{After: after, Limit: most,
			Properties: &pb.PropertiesRequest{NonRefProperties: properties}, Metadata: &pb.MetadataRequest{Uuid: true, Vector: true}})
		if err != nil || len(objects) == 0 {
			return err
		}
		if err := fn(objects); err != nil {
			return err
		}
		after = objects[len(objects)-1].GetMetadata().GetId()
	}
}

// property is a text of an object; "" where it lacks it.
func property(o *pb.SearchResult, name string) string {
	return o.GetProperties().GetNonRefProps().GetFields()[name].GetTextValue()
}

func number(o *pb.SearchResult, name string) int {
	return int(o.GetProperties().GetNonRefProps().GetFields()[name].GetIntValue())
}

// wordsSuffix makes the name of the class of what was counted.
const wordsSuffix = "Words"

// wordsPart is how many bytes of a dictionary one object holds.
const wordsPart = 2 << 20

// PutWords keeps a writer's dictionary, in parts. The old one stays valid until
// all parts of the new one are there, which the stamp tells.
func (c *Catalogue) PutWords(ctx context.Context, writer string, data []byte) error {
	sum := sha256.Sum256(data)
	stamp := hex.EncodeToString(sum[:8])
	parts := (len(data) + wordsPart - 1) / wordsPart
	for part := range parts {
		piece := data[part*wordsPart : min((part+1)*wordsPart, len(data))]
		object, err := c.newObject(c.class+wordsSuffix, c.uuidOf("words", fmt.Sprint(writer, " ", stamp, " ", part)), map[string]any{
			"writer": writer, "stamp": stamp, "part": part, "parts": parts, "data": base64.StdEncoding.EncodeToString(piece),
		})
		if err != nil {
			return err
		}
		if err := c.putObjects(ctx, []*pb.BatchObject{object}); err != nil {
			return err
		}
	}
	return c.each(ctx, c.class+wordsSuffix, []string{"writer", "stamp"}, func(objects []*pb.SearchResult) error {
		for _, o := range objects {
			if property(o, "writer") != writer || property(o, "stamp") == stamp {
				continue
			}
			err := c.http.Data().Deleter().WithClassName(c.class + wordsSuffix).WithID(o.GetMetadata().GetId()).WithConsistencyLevel(c.remote.Consistency).Do(ctx)
			if err != nil {
				return c.failed("remove an old dictionary", err)
			}
		}
		return nil
	})
}

// EachWords calls fn with the dictionary of every writer.
func (c *Catalogue) EachWords(ctx context.Context, fn func(data []byte) error) error {
	type key struct{ writer, stamp string }
	parts := map[key][][]byte{}
	err := c.each(ctx, c.class+wordsSuffix, []string{"writer", "stamp", "part", "parts", "data"}, func(objects []*pb.SearchResult) error {
		for _, o := range objects {
			k, part, of := key{property(o, "writer"), property(o, "stamp")}, number(o, "part"), number(o, "parts")
			if of <= 0 || part < 0 || part >= of || of > 1<<16 {
				continue
			}
			piece, err := base64.StdEncoding.DecodeString(property(o, "data"))
			if err != nil {
				return fmt.Errorf("%s: the dictionary of %s is broken: %w", c.remote.Name, k.writer, err)
			}
			if len(parts[k]) != of {
				parts[k] = make([][]byte, of)
			}
			parts[k][part] = piece
		}
		return nil
	})
	if err != nil {
		return err
	}
	done := map[string]bool{}
	for k, pieces := range parts {
		var data []byte
		for _, piece := range pieces {
			data = append(data, piece...)
		}
		sum := sha256.Sum256(data)
		if hex.EncodeToString(sum[:8]) != k.stamp || done[k.writer] {
			continue // half of one that is being replaced, or of which a newer one is whole too
		}
		done[k.writer] = true
		if err := fn(data); err != nil {
			return err
		}
	}
	return nil
}
