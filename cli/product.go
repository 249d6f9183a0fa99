package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

type productCmd struct {
	List   productListCmd  `cmd:"" help:"List products: all, those that have words, or the hidden ones."`
	Show   productShowCmd  `cmd:"" help:"Print a product as JSON."`
	Edit   productEditCmd  `cmd:"" help:"Change a product: --set title=…, or a product as JSON from stdin with -."`
	Hide   productHideCmd  `cmd:"" help:"Keep products out of every search."`
	Unhide productShownCmd `cmd:"" help:"Let hidden products back into searches."`
}

type productListCmd struct {
	Workspace string `arg:""`
	Text      string `arg:"" optional:"" help:"Words, or an ID."`
	Hidden    bool   `help:"The hidden products."`
	K         int    `short:"k" default:"20" help:"Products wanted."`
	Offset    int    `help:"Products to leave out before the first."`
	JSON      bool   `name:"json" help:"Print JSON."`
}

func (c *productListCmd) Run(s *session) error {
	return s.with(c.Workspace, func(bench *workbench.Bench) error {
		list, err := bench.List(s, workbench.ListRequest{Text: c.Text, Hidden: c.Hidden, Offset: c.Offset, K: c.K})
		if err != nil {
			return err
		}
		if c.JSON {
			products := list.Products
			if products == nil {
				products = []engine.Product{}
			}
			return s.writeJSON(struct {
				Total    int              `json:"total"`
				Products []engine.Product `json:"products"`
			}{list.Total, products})
		}
		fmt.Fprintf(s.Stdout, "%d products\n", list.Total)
		w := tabwriter.NewWriter(s.Stdout, 0, 4, 2, ' ', 0)
		for _, p := range list.Products {
			fmt.Fprintf(w, "%s\t%s\t%s\n", p.ID, p.Title, p.Brand)
		}
		return w.Flush()
	})
}

type productShowCmd struct {
	Workspace string `arg:""`
	Product   string `arg:"" help:"The ID of a product."`
}

func (c *productShowCmd) Run(s *session) error {
	return s.with(c.Workspace, func(bench *workbench.Bench) error {
		p, err := existing(bench, c.Product)
		if err != nil {
			return err
		}
		return s.writeJSON(p)
	})
}

func existing(bench *workbench.Bench, id string) (engine.Product, error) {
	p, ok, err := bench.Product(id)
	if err == nil && !ok {
		err = &workbench.NoProductError{ID: id}
	}
	return p, err
}

type productEditCmd struct {
	Workspace string            `arg:""`
	Product   string            `arg:"" help:"The ID of a product."`
	Set       map[string]string `help:"Fields by role, or attributes by name: title=…;price=… An empty value takes the field away." mapsep:";"`
	Stdin     bool              `name:"json" help:"Read the fields to change as a JSON object from stdin, in the form that show prints."`
}

func (c *productEditCmd) Run(s *session) error {
	if c.Stdin == (len(c.Set) > 0) {
		return errors.New("product edit: say what to change, with --set or with --json")
	}
	return s.with(c.Workspace, func(bench *workbench.Bench) error {
		p, err := existing(bench, c.Product)
		if err != nil {
			return err
		}
		if c.Stdin {
			b, err := io.ReadAll(s.Stdin)
			if err != nil {
				return err
			}
			d := json.NewDecoder(bytes.NewReader(b))
			d.DisallowUnknownFields()
			if err := d.Decode(&p); err != nil {
				return fmt.Errorf("product edit: the JSON on stdin: %w", err)
			}
			p.ID = c.Product
		}
		for field, value := range c.Set {
			if err := workbench.SetField(&p, field, value); err != nil {
				return err
			}
		}
		if err := bench.Edit(s, p); err != nil {
			return err
		}
		_, err = fmt.Fprintf(s.Stdout, "changed %s\n", p.ID)
		return err
	})
}

type productHideCmd struct {
	Workspace string   `arg:""`
	Products  []string `arg:"" help:"The IDs of products."`
}

func (c *productHideCmd) Run(s *session) error { return s.hide(c.Workspace, true, c.Products) }

type productShownCmd struct {
	Workspace string   `arg:""`
	Products  []string `arg:"" help:"The IDs of products."`
}

func (c *productShownCmd) Run(s *session) error { return s.hide(c.Workspace, false, c.Products) }

func (s *session) hide(workspace string, hidden bool, ids []string) error {
	return s.with(workspace, func(bench *workbench.Bench) error {
		if err := bench.Hide(s, hidden, ids...); err != nil {
			return err
		}
		word := "shown"
		if hidden {
			word = "hidden"
		}
		_, err := fmt.Fprintf(s.Stdout, "%s: %s\n", word, strings.Join(ids, ", "))
		return err
	})
}
