package cli

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"touchstone/engine/workbench"
)

type benchCmd struct {
	Encode benchEncodeCmd `cmd:"" help:"Time the encoder at fixed lengths."`
	Search benchSearchCmd `cmd:"" help:"Time searches end to end."`
}

type benchEncodeCmd struct {
	Model     string `default:"minilm" help:"minilm, bge-zh, or a Hugging Face BERT folder."`
	Precision string `default:"int8" enum:"int8,fp32" help:"int8 or fp32."`
	JSON      bool   `name:"json" help:"Print JSON."`
}

// encodeCase is one batch size and length; times are medians.
type encodeCase struct {
	Batch           int     `json:"batch"`
	Tokens          int     `json:"tokens"`
	MS              float64 `json:"ms"`
	TokensPerSecond float64 `json:"tokens_per_second"`
}

// benchLeast is how long each case is repeated at least, and how often.
const (
	benchLeast = time.Second
	benchTimes = 5
)

func (c *benchEncodeCmd) Run(s *session) error {
	encoder, err := s.Encoder(c.Model, c.Precision)
	if err != nil {
		return err
	}
	cases := []encodeCase{{Batch: 1, Tokens: 8}, {Batch: 1, Tokens: 16}, {Batch: 1, Tokens: 32}, {Batch: 1, Tokens: 64},
		{Batch: 1, Tokens: 128}, {Batch: 32, Tokens: 32}, {Batch: 32, Tokens: 64}}
	for i := range cases {
		if err := s.timeEncode(encoder, &cases[i]); err != nil {
			return err
		}
	}
	if c.JSON {
		return s.writeJSON(struct {
			Model     string       `json:"model"`
			Precision string       `json:"precision"`
			Cases     []encodeCase `json:"cases"`
		}{c.Model, c.Precision, cases})
	}
	for _, k := range cases {
		fmt.Fprintf(s.Stdout, "%2d × %3d tokens  %8.2f ms  %9.0f tokens/s\n", k.Batch, k.Tokens, k.MS, k.TokensPerSecond)
	}
	return nil
}

func (s *session) timeEncode(encoder Encoder, c *encodeCase) error {
	text := strings.TrimSpace(strings.Repeat("1 ", c.Tokens-2)) // beside [CLS] and [SEP]
	if n := len(encoder.Tokenize(text)); n != c.Tokens {
		return fmt.Errorf("bench encode: a text made for %d tokens has %d with this model's vocabulary", c.Tokens, n)
	}
	texts := slices.Repeat([]string{text}, c.Batch)
	var times []float64
	for start := time.Now(); time.Since(start) < benchLeast || len(times) < benchTimes; {
		began := time.Now()
		if _, err := encoder.Encode(s, texts); err != nil {
			return err
		}
		times = append(times, milliseconds(time.Since(began)))
	}
	slices.Sort(times)
	c.MS = times[len(times)/2]
	c.TokensPerSecond = float64(c.Batch*c.Tokens) / c.MS * 1000
	return nil
}

type benchSearchCmd struct {
	Workspace string `arg:""`
	Queries   string `help:"A file with one query a line; otherwise the queries of the workspace." type:"existingfile"`
	JSON      bool   `name:"json" help:"Print JSON."`
}

func (c *benchSearchCmd) Run(s *session) error {
	return s.with(c.Workspace, func(bench *workbench.Bench) error {
		queries, err := c.queries(bench)
		if err != nil {
			return err
		}
		if len(queries) == 0 {
			return errors.New("bench search: the workspace has no queries; name a file with --queries")
		}
		// What is made on first use (dictionaries, documents of products) is not
		// what a search costs: one round beforehand, with other words, so that no
		// query is in any cache.
		for _, query := range queries {
			if _, err := bench.Search(s, workbench.SearchRequest{Query: query + " warm"}); err != nil {
				return err
			}
		}
		var times []float64
		for _, query := range queries {
			began := time.Now()
			if _, err := bench.Search(s, workbench.SearchRequest{Query: query}); err != nil {
				return err
			}
			times = append(times, milliseconds(time.Since(began)))
		}
		slices.Sort(times)
		p50, p99 := times[len(times)/2], times[len(times)*99/100]
		products := bench.Status().Products
		if c.JSON {
			return s.writeJSON(struct {
				Products int     `json:"products"`
				Queries  int     `json:"queries"`
				P50      float64 `json:"p50_ms"`
				P99      float64 `json:"p99_ms"`
			}{products, len(queries), p50, p99})
		}
		_, err = fmt.Fprintf(s.Stdout, "%d products, %d queries: p50 %.2f ms, p99 %.2f ms\n", products, len(queries), p50, p99)
		return err
	})
}

// queries are the texts to search for, each once.
func (c *benchSearchCmd) queries(bench *workbench.Bench) ([]string, error) {
	var texts []string
	if c.Queries == "" {
		set, err := bench.Queries()
		if err != nil {
			return nil, err
		}
		for _, q := range set {
			texts = append(texts, q.Text)
		}
	} else {
		f, err := os.Open(c.Queries)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		lines := bufio.NewScanner(f)
		for lines.Scan() {
			if text := strings.TrimSpace(lines.Text()); text != "" {
				texts = append(texts, text)
			}
		}
		if err := lines.Err(); err != nil {
			return nil, fmt.Errorf("%s: %w", c.Queries, err)
		}
	}
	slices.Sort(texts)
	return slices.Compact(texts), nil
}

func milliseconds(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e6 }
