package exchange

import (
	"os"
	"testing"
)

func TestSharedJudgments(t *testing.T) {
	tests := []struct {
		file, format                string
		judgments, queries, problem int
	}{
		{"electronics/judgments.csv", "Quepid ratings CSV", 2511, 90, 0},
		{"electronics/judge_ratings.csv", "Quepid book CSV", 3 * 2173, 90, 0},
		{"ubi/esci_us_judgments.json.gz", "Search Relevance Workbench judgments", 6678, 150, 0},
	}
	for _, test := range tests {
		path := "../../../shared/data/" + test.file
		if _, err := os.Stat(path); err != nil {
			t.Skip("the shared judgments are not here:", err)
		}
		j, err := OpenJudgments(path, JudgmentOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if j.Format != test.format || len(j.Judgments) != test.judgments || len(j.Queries) != test.queries || len(j.Problems) != test.problem {
			t.Errorf("%s: %s, %d judgments, %d queries, problems %v", test.file, j.Format, len(j.Judgments), len(j.Queries), j.Problems)
		}
	}
}
