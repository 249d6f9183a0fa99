package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"

	"touchstone/bench/peer"
	"touchstone/engine/learn"
	"touchstone/engine/rank"
)

//go:embed peer.py
var peerScript []byte

// packages are the peer's releases, so that a figure can be had again.
var packages = []string{"lightgbm==" + release, "numpy==2.4.6", "scipy==1.17.1"}

// release is the version of the peer, and likeOurs the name of the line in which
// it learns from the same rows as our trees alone do.
const (
	release  = "4.6.0"
	likeOurs = "LightGBM " + release + ", unjudged as grade 0"
)

// lightGBM fits LightGBM's LambdaMART, with its own defaults, on the same rows
// and without the same queries, and has its scores measured as ours are.
func lightGBM(ctx context.Context, data *learn.Dataset, fold map[string]int, line func(string, learn.Scores, string, float64)) error {
	cache, err := os.UserCacheDir()
	if err != nil {
		return err
	}
	python, err := peer.Python(ctx, filepath.Join(cache, "touchstone", "bench", "learning"), packages)
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "touchstone-learning-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	groups, err := handOver(folder, data, fold)
	if err != nil {
		return err
	}
	printed, err := output(ctx, python, filepath.Join(folder, "peer.py"), folder)
	if err != nil {
		return err
	}
	var said struct {
		Version string
		Seconds map[string]float64
	}
	if err := json.Unmarshal(printed, &said); err != nil {
		return fmt.Errorf("LightGBM said %q: %w", printed, err)
	}
	for _, v := range []struct{ file, name string }{
		{"judged", "judged rows only"},
		{"unjudged", "unjudged as grade 0"},
		{"prior", "from the untrained scores, unjudged as 0"},
	} {
		b, err := os.ReadFile(filepath.Join(folder, v.file+".f64"))
		if err != nil {
			return err
		}
		scores := make([]float64, len(b)/8)
		if err := binary.Read(bytes.NewReader(b), binary.LittleEndian, scores); err != nil {
			return err
		}
		var mean learn.Scores
		for _, g := range groups {
			s, ok := g.Measure(scores[:len(g.Products)], ndcg)
			if !ok {
				return fmt.Errorf("query %q cannot be measured", g.Query)
			}
			scores = scores[len(g.Products):]
			mean.Whole += s.Whole / float64(len(groups))
			mean.Judged += s.Judged / float64(len(groups))
		}
		line("LightGBM "+said.Version+", "+v.name, mean, "", said.Seconds[v.file])
	}
	return nil
}

// handOver writes the queries that are in a fold for the script.
func handOver(folder string, data *learn.Dataset, fold map[string]int) ([]*learn.Group, error) {
	about := struct {
		Features int   `json:"features"`
		Threads  int   `json:"threads"`
		Seed     int   `json:"seed"`
		Sizes    []int `json:"sizes"`
		Folds    []int `json:"folds"`
	}{Features: len(data.Features), Threads: runtime.GOMAXPROCS(0), Seed: 1}
	untrained := rank.Default()
	scorer, err := rank.NewScorer(&untrained)
	if err != nil {
		return nil, err
	}
	var groups []*learn.Group
	var features, grades, prior bytes.Buffer
	for i := range data.Groups {
		g := &data.Groups[i]
		f, ok := fold[g.Query]
		if !ok {
			continue
		}
		groups = append(groups, g)
		about.Sizes, about.Folds = append(about.Sizes, len(g.Products)), append(about.Folds, f)
		scores := make([]float64, len(g.Products))
		for r := range scores {
			scores[r] = scorer.Score(g.X[r*about.Features : (r+1)*about.Features])
		}
		for to, values := range map[*bytes.Buffer][]float64{&features: g.X, &grades: g.Grades, &prior: scores} {
			if err := binary.Write(to, binary.LittleEndian, values); err != nil {
				return nil, err
			}
		}
	}
	described, err := json.Marshal(about)
	if err != nil {
		return nil, err
	}
	for name, content := range map[string][]byte{
		"learning.json": described, "features.f64": features.Bytes(), "grades.f64": grades.Bytes(), "prior.f64": prior.Bytes(), "peer.py": peerScript,
	} {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o644); err != nil {
			return nil, err
		}
	}
	return groups, nil
}

func output(ctx context.Context, name string, args ...string) ([]byte, error) {
	c := exec.CommandContext(ctx, name, args...)
	c.Stderr = os.Stderr
	b, err := c.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return b, nil
}
