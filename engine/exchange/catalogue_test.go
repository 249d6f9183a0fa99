package exchange

import (
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"touchstone/engine"
)

// readAll reads a whole catalogue from a text.
func readAll(t *testing.T, text string, mapping map[string]engine.Role) ([]engine.Product, *Catalogue) {
	t.Helper()
	c, err := ReadCatalogue(strings.NewReader(text), "test", CatalogueOptions{Mapping: mapping})
	if err != nil {
		t.Fatal(err)
	}
	return drain(t, c), c
}

func drain(t *testing.T, c *Catalogue) []engine.Product {
	t.Helper()
	var products []engine.Product
	for {
		p, err := c.Next()
		if errors.Is(err, io.EOF) {
			return products
		}
		if err != nil {
			t.Fatal(err)
		}
		products = append(products, p)
	}
}

func TestElectronicsCatalogue(t *testing.T) {
	const path = "../../../shared/data/electronics/products.jsonl.gz"
	if _, err := os.Stat(path); err != nil {
		t.Skip("the shared electronics catalogue is not here:", err)
	}
	c, err := OpenCatalogue(path, CatalogueOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	roles := map[engine.Role]string{}
	for _, f := range c.Fields() {
		if f.Role != engine.RoleAttribute && f.Role != engine.RoleIgnore {
			roles[f.Role] += f.Name
		}
	}
	want := map[engine.Role]string{"id": "id", "title": "title", "brand": "supplier", "price": "price", "date": "date_released", "image": "img_thumb", "description": "short_description"}
	if diff := cmp.Diff(want, roles); diff != "" {
		t.Errorf("roles (-want +got):\n%s", diff)
	}
	products := drain(t, c)
	if len(products) != 19406 || len(c.Problems()) != 0 {
		t.Errorf("%d products and %d problems, want 19406 and none: %v", len(products), len(c.Problems()), c.Problems()[:min(3, len(c.Problems()))])
	}
}
