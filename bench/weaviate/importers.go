package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/go-openapi/strfmt"
	"github.com/google/uuid"
	client "github.com/weaviate/weaviate-go-client/v5/weaviate"
	"github.com/weaviate/weaviate-go-client/v5/weaviate/grpc"
	"github.com/weaviate/weaviate/entities/models"
	"golang.org/x/sync/errgroup"

	"touchstone/engine"
	"touchstone/engine/retrieve"
	"touchstone/engine/text"
	"touchstone/engine/workbench"
	"touchstone/storage"
)

// importer is a process that fills a server from a file: this program, started
// once more.
type importer struct {
	Official  bool          // with the official client's own batches, or as Touchstone imports
	Remote    engine.Remote // the server
	File      string        // of the products
	Workspace string        // of Touchstone
}

func (i importer) run(ctx context.Context) error {
	encoder, err := readMade(ctx)
	if err != nil {
		return err
	}
	if i.Official {
		return i.official(ctx, encoder)
	}
	return i.ours(ctx, encoder)
}

// ours is what "touchstone import" does, but for the encoder.
func (i importer) ours(ctx context.Context, encoder made) (err error) {
	var store *storage.Workspace
	if _, err = os.Stat(i.Workspace); errors.Is(err, fs.ErrNotExist) {
		store, err = storage.Create(i.Workspace, storage.Options{})
	} else {
		store, err = storage.Open(i.Workspace, storage.Options{})
	}
	if err != nil {
		return err
	}
	bench, err := workbench.Open(ctx, store, func(string) (engine.Encoder, error) { return encoder, nil })
	if err != nil {
		return errors.Join(err, store.Close())
	}
	defer func() { err = errors.Join(err, bench.Close()) }()
	if store.Settings().Home == "" {
		if err := bench.PutRemote(i.Remote); err != nil {
			return err
		}
		if err := bench.Move(ctx, i.Remote.Name, nil); err != nil {
			return err
		}
	}
	_, err = bench.Import(ctx, []string{i.File}, nil, nil)
	return err
}

// How the official client is driven: requests of the size and as many at a time
// as Touchstone sends.
const (
	request = 256
	atOnce  = 3
	turn    = 16 * 512 // products that are made ready at a time
)

// official sends ready objects, and writes how many and how long that took:
// reading the file and cutting words is not counted.
func (i importer) official(ctx context.Context, encoder made) error {
	analyzer, err := text.New("en")
	if err != nil {
		return err
	}
	u, err := url.Parse(i.Remote.URLs[0])
	if err != nil {
		return err
	}
	official, err := client.NewClient(client.Config{Host: u.Host, Scheme: u.Scheme, Timeout: 10 * time.Minute, GrpcConfig: &grpc.Config{Host: i.Remote.GRPC}})
	if err != nil {
		return err
	}
	var sent sent
	return readFile(i.File, turn, func(products []engine.Product) error {
		objects := make([]*models.Object, len(products))
		texts := make([]string, len(products))
		for k := range products {
			texts[k] = products[k].Text()
		}
		vectors, err := encoder.Encode(ctx, texts)
		if err != nil {
			return err
		}
		for k := range products {
			if objects[k], err = i.ready(analyzer, &products[k], vectors[k]); err != nil {
				return err
			}
		}
		start := time.Now()
		group, gctx := errgroup.WithContext(ctx)
		group.SetLimit(atOnce)
		for part := range slices.Chunk(objects, request) {
			group.Go(func() error {
				answers, err := official.Batch().ObjectsBatcher().WithObjects(part...).Do(gctx)
				for _, a := range answers {
					if a.Result != nil && a.Result.Errors != nil && err == nil {
						err = fmt.Errorf("the official client: %s", a.Result.Errors.Error[0].Message)
					}
				}
				return err
			})
		}
		if err := group.Wait(); err != nil {
			return err
		}
		sent.Took += time.Since(start)
		sent.Products += len(products)
		return json.NewEncoder(os.Stdout).Encode(sent)
	})
}

// sent is how many products the official client has sent, and in what time.
type sent struct {
	Products int
	Took     time.Duration
}

// ready is a product with the properties that the port gives it (but for its
// attributes: made ones have none), in the official client's form.
func (i importer) ready(a *text.Analyzer, p *engine.Product, vector []float32) (*models.Object, error) {
	whole, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	properties := map[string]any{"product": string(whole), "key": p.ID}
	var all []string
	words := retrieve.Words(a, p)
	for f, name := range []string{"words_title", "words_brand", "words_category", "words_description", "words_attributes"} {
		properties[name] = strings.Join(words[f], " ")
		all = append(all, words[f]...)
	}
	slices.Sort(all)
	properties["terms"] = strings.Join(slices.Compact(all), " ")
	for _, v := range []struct{ text, as string }{{p.Brand, "brand"}, {p.Category, "category"}} {
		if v.text != "" {
			properties[v.as], properties[v.as+"_is"] = v.text, retrieve.Folded(v.text)
		}
	}
	if p.Price.Known {
		properties["price"] = p.Price.Value
	}
	id := uuid.NewSHA1(uuid.NameSpaceURL, []byte("client:"+p.ID)).String()
	return &models.Object{Class: i.Remote.Index, ID: strfmt.UUID(id), Properties: properties, Vector: vector}, nil
}

// workspaceIn is where the importer keeps its workspace.
func workspaceIn(dir string) string { return filepath.Join(dir, "ours.touchstone") }
