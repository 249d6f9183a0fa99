package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"time"

	"touchstone/engine"
	"touchstone/engine/bert"
)

// How often all texts are encoded: seconds each time, half a minute with
// sentence-transformers.
const textRounds, sentenceRounds = 5, 2

// productTexts reads what the program encodes of some products spread over a
// catalogue.
func productTexts(file string, n int) ([]string, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	unzipped, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	var texts []string
	for in := json.NewDecoder(unzipped); in.More(); {
		var row struct {
			Title, Supplier string
			Description     string `json:"short_description"`
		}
		if err := in.Decode(&row); err != nil {
			return nil, fmt.Errorf("%s: product %d: %w", file, len(texts)+1, err)
		}
		p := engine.Product{Title: row.Title, Brand: row.Supplier, Description: row.Description}
		texts = append(texts, p.Text())
	}
	if len(texts) < n {
		return nil, fmt.Errorf("%s has %d products, not %d", file, len(texts), n)
	}
	for i := range n {
		texts[i] = texts[i*len(texts)/n]
	}
	return texts[:n], nil
}

// peerTexts are the peers' seconds, and vectors where asked for, of texts.
type peerTexts struct {
	Seconds float64
	Vectors [][]float32
}

func (b *bench) theirTexts(model string, texts []string, vectors bool) (peerTexts, error) {
	var answer peerTexts
	err := b.theirs.Ask(map[string]any{"do": "texts", "model": model, "texts": texts, "vectors": vectors}, &answer)
	return answer, err
}

// endToEnd times all texts, from text to vector.
func (b *bench) endToEnd(ctx context.Context) error {
	tokens := 0
	for _, text := range b.texts {
		tokens += len(b.ours[bert.Int8].Tokenize(text))
	}
	fmt.Fprintf(b.out, "\n%d product texts, %.1f tokens on average, from text to vector:\n\n| ours | peer | peer, s | ours, s | ratio |\n|---|---|---|---|---|\n",
		len(b.texts), float64(tokens)/float64(len(b.texts)))
	for _, p := range []pair{
		{bert.Int8, "int8", "onnxruntime int8, batches of 32 sorted by length", textRounds},
		{bert.FP32, "fp32", "onnxruntime float32, the same", textRounds},
	} {
		if err := b.pair(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// besideSentences is endToEnd beside sentence-transformers, where it is wanted.
func (b *bench) besideSentences(ctx context.Context) error {
	if !b.sentenceTransformers {
		return nil
	}
	fmt.Fprintf(b.out, "\n| ours | peer | peer, s | ours, s | ratio |\n|---|---|---|---|---|\n")
	for _, p := range []pair{
		{bert.Int8, "sentences", "sentence-transformers: SentenceTransformer(folder).encode(texts)", 1},
		{bert.Int8, "sentences float32", "the same with model_kwargs={\"dtype\": torch.float32}", sentenceRounds},
	} {
		if err := b.pair(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// pair is a model of ours beside one of the peers'.
type pair struct {
	precision  bert.Precision
	model, say string
	rounds     int
}

// pair times all texts with both.
func (b *bench) pair(ctx context.Context, p pair) error {
	texts := func(warming bool) []string {
		if warming {
			return b.texts[:min(len(b.texts), 200)]
		}
		return b.texts
	}
	c, err := b.compare(ctx, p.rounds, func(warming bool) (float64, error) {
		start := time.Now()
		_, err := b.ours[p.precision].Encode(ctx, texts(warming))
		return time.Since(start).Seconds(), err
	}, func(warming bool) (float64, error) {
		answer, err := b.theirTexts(p.model, texts(warming), false)
		return answer.Seconds, err
	})
	if err == nil {
		fmt.Fprintf(b.out, "| %s | %s | %.2f | %.2f | %.2f |\n", p.precision, p.say, c.theirs, c.ours, c.ratio)
	}
	return err
}

// cybertron is measured by a benchmark of package bert, which knows both sides'
// weights.
func (b *bench) cybertron(ctx context.Context) error {
	file, err := os.CreateTemp("", "texts-*.json")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	if err := json.NewEncoder(file).Encode(b.texts); err != nil {
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	c := exec.CommandContext(ctx, "go", "test", "-run=^$", "-bench=^BenchmarkCybertron$", "-benchtime=3x", fmt.Sprintf("-cpu=%d", b.threads), "./engine/bert")
	c.Env = append(os.Environ(), "TOUCHSTONE_BENCH_TEXTS="+file.Name())
	printed, err := c.CombinedOutput()
	ratio := regexp.MustCompile(`([0-9.]+) times`).FindSubmatch(printed)
	if err != nil || ratio == nil {
		return fmt.Errorf("%s: %v\n%s", strings.Join(c.Args, " "), err, bytes.TrimSpace(printed))
	}
	fmt.Fprintf(b.out, "\ncybertron on some of these texts takes %s times as long as ours in int8\n", ratio[1])
	return nil
}

// fidelity compares each side's int8 vectors with its float32 ones, over all
// texts.
func (b *bench) fidelity(ctx context.Context) error {
	fmt.Fprintf(b.out, "\n| int8 to float32, cosine | least | mean |\n|---|---|---|\n")
	var published [][]float32
	for _, side := range []struct {
		name    string
		vectors func(bert.Precision) ([][]float32, error)
	}{
		{"ours", func(p bert.Precision) ([][]float32, error) { return b.ours[p].Encode(ctx, b.texts) }},
		{"onnxruntime", func(p bert.Precision) ([][]float32, error) {
			answer, err := b.theirTexts(string(p), b.texts, true)
			return answer.Vectors, err
		}},
	} {
		float, err := side.vectors(bert.FP32)
		if err != nil {
			return err
		}
		whole, err := side.vectors(bert.Int8)
		if err != nil {
			return err
		}
		least, mean := cosines(whole, float)
		fmt.Fprintf(b.out, "| %s | %.4f | %.4f |\n", side.name, least, mean)
		if published == nil {
			published = float
			continue
		}
		least, mean = cosines(published, float)
		fmt.Fprintf(b.out, "| our float32 to onnxruntime's | %.6f | %.6f |\n", least, mean)
	}
	return nil
}

// cosines are the least and the mean cosine of unit vectors, pair by pair.
func cosines(x, y [][]float32) (least, mean float64) {
	least = 1
	for i := range x {
		var cosine float64
		for j, v := range x[i] {
			cosine += float64(v) * float64(y[i][j])
		}
		least, mean = min(least, cosine), mean+cosine/float64(len(x))
	}
	return least, mean
}

// tokenising compares the time for token ids alone with that for vectors, on
// one processor.
func (b *bench) tokenising(ctx context.Context) error {
	model := b.ours[bert.Int8]
	var shares []float64
	for range textRounds {
		start := time.Now()
		for _, text := range b.texts {
			model.Tokenize(text)
		}
		tokens := time.Since(start)
		start = time.Now()
		if _, err := model.Encode(ctx, b.texts); err != nil {
			return err
		}
		shares = append(shares, tokens.Seconds()/(time.Since(start).Seconds()*float64(b.threads)))
	}
	fmt.Fprintf(b.out, "\ntokenising: %.2f %% of the processors' time\n", 100*median(shares))
	return nil
}
