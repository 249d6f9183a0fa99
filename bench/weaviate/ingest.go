package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-openapi/strfmt"
	"github.com/google/uuid"
	client "github.com/weaviate/weaviate-go-client/v5/weaviate"
	"github.com/weaviate/weaviate-go-client/v5/weaviate/grpc"
	"github.com/weaviate/weaviate/entities/models"
	"golang.org/x/sync/errgroup"

	"touchstone/engine"
	"touchstone/engine/remote/weaviate"
	"touchstone/engine/retrieve"
	"touchstone/engine/text"
)

// ingest stores made products with the official client's own batches of ready
// objects, and through the port, where their words are cut too: by turns, so that
// whatever else the machine does slows both.
func ingest(ctx context.Context, r engine.Remote, n int) error {
	analyzer, err := text.New("en")
	if err != nil {
		return err
	}
	r.Timeout = 600 // a machine that does other things too is no failure
	classes := []string{"Client", "Ours"}
	var catalogues []*weaviate.Catalogue
	for _, class := range classes {
		r.Index = class
		c, err := weaviate.Open(r, "")
		if err != nil {
			return err
		}
		if err := c.Prepare(ctx, engine.RemoteAbout{Language: "en", Encoder: "made", Dim: 384}); err != nil {
			return err
		}
		catalogues = append(catalogues, c)
	}
	u, err := url.Parse(r.URLs[0])
	if err != nil {
		return err
	}
	official, err := client.NewClient(client.Config{Host: u.Host, Scheme: u.Scheme, Timeout: 10 * time.Minute, GrpcConfig: &grpc.Config{Host: r.GRPC}})
	if err != nil {
		return err
	}
	rng := rand.New(rand.NewPCG(1, 1))
	var busy [2]time.Duration
	const turn = 10 * batch
	for from := 0; from < n; from += turn {
		var products []engine.Brought
		for i := from; i < min(n, from+turn); i++ {
			products = append(products, made(i, rng))
		}
		objects := make([]*models.Object, len(products))
		for i := range products {
			if objects[i], err = ready(analyzer, &products[i]); err != nil {
				return err
			}
		}
		order := []int{0, 1}
		if from/turn%2 == 1 {
			order = []int{1, 0}
		}
		for _, which := range order {
			start := time.Now()
			group, gctx := errgroup.WithContext(ctx)
			group.SetLimit(3)
			if which == 0 {
				for part := range slices.Chunk(objects, batch) {
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
			} else {
				for part := range slices.Chunk(products, batch) {
					group.Go(func() error {
						for i := range part {
							part[i].Words = retrieve.Words(analyzer, &part[i].Product)
						}
						return catalogues[1].Put(gctx, part)
					})
				}
			}
			if err := group.Wait(); err != nil {
				return err
			}
			busy[which] += time.Since(start)
		}
		if done := from + len(products); done*10/n > from*10/n {
			fmt.Printf("  %d products each: official client %.1f s, ours %.1f s: %.2f times\n", done, busy[0].Seconds(), busy[1].Seconds(), busy[1].Seconds()/busy[0].Seconds())
		}
	}
	for i, c := range catalogues {
		count, err := c.Count(ctx)
		if err != nil {
			return err
		}
		if count != n {
			return fmt.Errorf("%s: %d products are there, %d were stored", classes[i], count, n)
		}
	}
	fmt.Printf("%d products of 384 values, twice into one node, %d cores\n", n, runtime.GOMAXPROCS(0))
	return sizes()
}

// batch is how many products go in one request of the official client.
const batch = 256

// ready is a product with the properties that the port gives it (but for its
// attributes: made ones have none), in the official client's form.
func ready(a *text.Analyzer, b *engine.Brought) (*models.Object, error) {
	p := &b.Product
	whole, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	words := retrieve.Words(a, p)
	properties := map[string]any{"product": string(whole), "key": p.ID, "brand": p.Brand, "brand_is": retrieve.Folded(p.Brand),
		"category": p.Category, "category_is": retrieve.Folded(p.Category), "price": p.Price.Value}
	var all []string
	for f, name := range []string{"words_title", "words_brand", "words_category", "words_description", "words_attributes"} {
		properties[name] = strings.Join(words[f], " ")
		all = append(all, words[f]...)
	}
	slices.Sort(all)
	properties["terms"] = strings.Join(slices.Compact(all), " ")
	id := uuid.NewSHA1(uuid.NameSpaceURL, []byte("client:"+p.ID)).String()
	return &models.Object{Class: "Client", ID: strfmt.UUID(id), Properties: properties, Vector: b.Vector}, nil
}

// sizes says how much memory the server has taken, and how much of the disk.
func sizes() error {
	out, err := exec.Command("pgrep", "-P", strconv.Itoa(os.Getpid())).Output()
	if err != nil {
		return err
	}
	for _, pid := range strings.Fields(string(out)) {
		data, err := os.ReadFile("/proc/" + pid + "/status")
		if err != nil {
			return err
		}
		for line := range strings.Lines(string(data)) {
			if strings.HasPrefix(line, "VmHWM") || strings.HasPrefix(line, "VmRSS") {
				fmt.Print("the server's ", line)
			}
		}
	}
	return nil
}

// made is a product with words of a usual spread and a random vector.
func made(i int, rng *rand.Rand) engine.Brought {
	word := func() string { return fmt.Sprintf("w%d", int(rng.ExpFloat64()*2000)) }
	p := engine.Product{ID: fmt.Sprintf("m%09d", i), Title: word() + " " + word() + " " + word(), Brand: fmt.Sprintf("Brand%d", rng.IntN(500)),
		Category: fmt.Sprintf("Category %d", rng.IntN(200)), Price: engine.Known(float64(rng.IntN(100000)) / 100)}
	for range 4 {
		p.Description += word() + " "
	}
	v := make([]float32, 384)
	for k := range v {
		v[k] = float32(rng.NormFloat64() * 0.051) // about unit length
	}
	b := engine.Brought{Product: p, Vector: v}
	return b
}
