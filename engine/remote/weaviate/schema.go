package weaviate

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/weaviate/weaviate/entities/models"

	"touchstone/engine"
)

// The properties of a product. Those that are matched hold terms, those that are
// compared hold folded values (retrieve.Folded), so that one condition finds
// there what it finds here.
const (
	propProduct    = "product"  // the product as JSON
	propID         = "key"      // its ID, as Weaviate's own are UUIDs
	propTerms      = "terms"    // all its terms, to count what matches
	propBrand      = "brand"    // as written, to count by
	propCategory   = "category" // as written
	propBrandIs    = "brand_is" // folded
	propCategoryIs = "category_is"
	propAttributes = "attributes" // folded, as name=value
)

// wordProps hold the terms of each text field.
var wordProps = [engine.TextFields]string{"words_title", "words_brand", "words_category", "words_description", "words_attributes"}

// wordWeights are what a match in each field weighs: the local index's.
var wordWeights = [engine.TextFields]string{"2", "1", "1", "1", "0.5"}

// numberProps hold the roles that are numbers; a date is in seconds since 1970.
var numberProps = []engine.Role{engine.RolePrice, engine.RoleRating, engine.RolePopularity, engine.RoleDate}

// aboutPrefix begins the description of a class that Touchstone made.
const aboutPrefix = "Touchstone catalogue: "

// About is what the class was made for.
func (c *Catalogue) About(ctx context.Context) (engine.RemoteAbout, bool, error) {
	var about engine.RemoteAbout
	class, err := c.schema(ctx)
	if err != nil || class == nil {
		return about, false, err
	}
	text, ours := strings.CutPrefix(class.Description, aboutPrefix)
	if !ours || json.Unmarshal([]byte(text), &about) != nil {
		return about, false, fmt.Errorf("%s: its class %s was not made by Touchstone; name another one", c.remote.Name, c.class)
	}
	return about, true, nil
}

// Prepare makes the classes of the catalogue where they are not there.
func (c *Catalogue) Prepare(ctx context.Context, about engine.RemoteAbout) error {
	there, ok, err := c.About(ctx)
	if err != nil {
		return err
	}
	if ok {
		if there.Language != about.Language || there.Encoder != about.Encoder || there.Dim != about.Dim {
			return fmt.Errorf("%s: its class %s is of another catalogue (language %s, %s with %d values; this one has %s, %s with %d); name another class",
				c.remote.Name, c.class, there.Language, there.Encoder, there.Dim, about.Language, about.Encoder, about.Dim)
		}
		return nil
	}
	text, err := json.Marshal(about)
	if err != nil {
		return err
	}
	// The words' class first: the one of the products says that all is prepared.
	words := c.newClass(c.class+wordsSuffix, "What the words of a Touchstone catalogue were counted to be",
		kept("writer"), kept("stamp"), kept("data"), plain("part", "int"), plain("parts", "int"))
	words.VectorIndexConfig = map[string]any{"skip": true}
	products := c.newClass(c.class, aboutPrefix+string(text), kept(propProduct), compared(propID, "text"),
		compared(propBrand, "text"), compared(propCategory, "text"), compared(propBrandIs, "text"), compared(propCategoryIs, "text"),
		compared(propAttributes, "text[]"), terms(propTerms, true))
	for _, name := range wordProps {
		products.Properties = append(products.Properties, terms(name, false))
	}
	for _, role := range numberProps {
		p := plain(string(role), "number")
		p.IndexFilterable, p.IndexRangeFilters = yes(), yes()
		products.Properties = append(products.Properties, p)
	}
	if c.remote.Shards > 0 {
		products.ShardingConfig = map[string]any{"desiredCount": c.remote.Shards}
	}
	products.VectorIndexConfig = map[string]any{"distance": "cosine", "ef": 400}
	for _, class := range []*models.Class{words, products} {
		if err := c.http.Schema().ClassCreator().WithClass(class).Do(ctx); err != nil {
			if strings.Contains(err.Error(), "already exists") {
				continue // another machine was faster, or an earlier run stopped half-way
			}
			return c.failed("make the catalogue", err)
		}
	}
	return nil
}

func (c *Catalogue) newClass(name, description string, properties ...*models.Property) *models.Class {
	class := &models.Class{
		Class: name, Description: description, Vectorizer: "none", VectorIndexType: "hnsw", Properties: properties,
		InvertedIndexConfig: &models.InvertedIndexConfig{
			Bm25:      &models.BM25Config{B: 0.75, K1: 1.2}, // the local index's
			Stopwords: &models.StopwordConfig{Preset: "none"},
		},
	}
	if c.remote.Replication > 0 {
		class.ReplicationConfig = &models.ReplicationConfig{Factor: int64(c.remote.Replication)}
	}
	return class
}

func yes() *bool { v := true; return &v }
func no() *bool  { return new(bool) }

// plain is a property that is neither matched nor compared.
func plain(name, kind string) *models.Property {
	return &models.Property{Name: name, DataType: []string{kind}, IndexFilterable: no(), IndexSearchable: no(), IndexRangeFilters: no()}
}

// kept is a text that only comes back.
func kept(name string) *models.Property { return plain(name, "text") }

// compared is a text that is compared as a whole.
func compared(name, kind string) *models.Property {
	p := plain(name, kind)
	p.IndexFilterable, p.Tokenization = yes(), models.PropertyTokenizationField
	return p
}

// terms holds terms with spaces between them: to filter by, or to score.
func terms(name string, filter bool) *models.Property {
	p := plain(name, "text")
	p.Tokenization = models.PropertyTokenizationWhitespace
	if filter {
		p.IndexFilterable = yes()
	} else {
		p.IndexSearchable = yes()
	}
	return p
}
