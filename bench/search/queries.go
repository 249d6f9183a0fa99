package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// typedQueries are what people typed: the judged queries of the electronics
// catalogue and, behind them, those of another shop (ESCI), n together.
func (b *bench) typedQueries(n int) ([]string, error) {
	judged, err := os.Open(filepath.Join(b.shared, "electronics", "judgments.csv"))
	if err != nil {
		return nil, err
	}
	defer judged.Close()
	rows, err := csv.NewReader(judged).ReadAll()
	if err != nil {
		return nil, err
	}
	var queries []string
	for _, row := range rows[1:] {
		if !slices.Contains(queries, row[0]) {
			queries = append(queries, row[0])
		}
	}
	path := filepath.Join(b.shared, "ubi", "esci_us_queryset.json")
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var set struct {
		Queries []struct {
			Text string `json:"queryText"`
		} `json:"querySetQueries"`
	}
	if err := json.Unmarshal(raw, &set); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	for _, q := range set.Queries {
		if len(queries) >= n {
			break
		}
		if q.Text != "" && !slices.Contains(queries, q.Text) {
			queries = append(queries, q.Text)
		}
	}
	return queries[:min(n, len(queries))], nil
}

// times are how long something took, each time.
type times []time.Duration

// quantile is the time that a share of all is not above.
func (t times) quantile(share float64) float64 {
	sorted := slices.Sorted(slices.Values(t))
	return milliseconds(sorted[min(len(sorted)-1, int(share*float64(len(sorted))))])
}

func (t times) String() string {
	return fmt.Sprintf("p50 %.2f ms, p90 %.2f, p99 %.2f, worst %.2f", t.quantile(0.5), t.quantile(0.9), t.quantile(0.99), t.quantile(1))
}

func milliseconds(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e6 }

func (t times) mean() float64 {
	var sum time.Duration
	for _, d := range t {
		sum += d
	}
	return milliseconds(sum) / float64(len(t))
}
