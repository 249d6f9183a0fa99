package cli

import (
	"errors"
	"fmt"
	"image/png"
	"os"
	"path/filepath"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

type demoCmd struct {
	Out string `default:"demo" help:"Folder for the workspace and the picture."`
}

// demoQuery is searched before and after learning: accessories that name the
// device stand above it until grades teach otherwise.
const demoQuery = "headphones"

func (c *demoCmd) Run(s *session) error {
	if err := os.MkdirAll(c.Out, 0o755); err != nil {
		return err
	}
	path := filepath.Join(c.Out, "demo.touchstone")
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	progress, finish := s.progress()
	bench, err := s.Sample(s, path, "en", progress)
	finish()
	if err != nil {
		return err
	}
	return errors.Join(c.play(s, bench), bench.Close())
}

func (c *demoCmd) play(s *session, bench *workbench.Bench) error {
	status := bench.Status()
	fmt.Fprintf(s.Stdout, "%d products, %d queries, %d grades, %s\n\n", status.Products, status.Queries, status.Judgments, status.Model)

	page, err := bench.Search(s, workbench.SearchRequest{Query: demoQuery, K: 10})
	if err != nil {
		return err
	}
	fmt.Fprintln(s.Stdout, "Before learning:")
	if err := s.printGraded(page); err != nil {
		return err
	}
	progress, finish := s.progress()
	learned, err := bench.Train(s, workbench.TrainRequest{Kind: engine.Linear, Seed: 1}, progress)
	finish()
	if err != nil {
		return err
	}
	fmt.Fprintf(s.Stdout, "\nLearned from %d grades. %s\n", learned.Grades, learned.Why)
	printWeights(s, learned)
	if page, err = bench.Search(s, workbench.SearchRequest{Query: demoQuery, K: 10}); err != nil {
		return err
	}
	fmt.Fprintln(s.Stdout, "\nAfter learning:")
	if err := s.printGraded(page); err != nil {
		return err
	}

	picture, err := s.Picture(s, bench, demoQuery)
	if err != nil {
		return err
	}
	file := filepath.Join(c.Out, "search.png")
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	if err := errors.Join(png.Encode(f, picture), f.Close()); err != nil {
		return err
	}
	fmt.Fprintf(s.Stdout, "\nThe search screen: %s\n", file)
	fmt.Fprintf(s.Stdout, "On queries that were not trained on:\nNDCG@10 before %.4f\nNDCG@10 after  %.4f\n", learned.Score[0], learned.Score[1])
	if !learned.Adopted {
		return errors.New("the sample taught nothing that holds on other queries; the old weights stay")
	}
	return nil
}

// printGraded prints a page with the grade of each result beside it.
func (s *session) printGraded(page *workbench.Page) error {
	for _, r := range page.Results {
		grade := "·"
		if r.Grade != nil {
			grade = fmt.Sprintf("%.0f", float64(*r.Grade))
		}
		if _, err := fmt.Fprintf(s.Stdout, "%3d  %s  %.3f  %s\n", r.Rank, grade, r.Score, r.Product.Title); err != nil {
			return err
		}
	}
	return nil
}
