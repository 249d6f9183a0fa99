package cli

import (
	"context"
	"encoding/json"
	"io"
	"strings"
	"testing"
)

// letters is an encoder whose vector is the length of the text.
type letters struct{}

func (letters) Name() string                 { return "letters" }
func (letters) Dim() int                     { return 1 }
func (letters) Tokenize(text string) []int32 { return []int32{int32(len(text))} }

func (letters) Encode(_ context.Context, texts []string) ([][]float32, error) {
	vectors := make([][]float32, len(texts))
	for i, text := range texts {
		vectors[i] = []float32{float32(len(text))}
	}
	return vectors, nil
}

func (l letters) EncodeQuery(ctx context.Context, text string) ([]float32, error) {
	v, err := l.Encode(ctx, []string{text})
	return v[0], err
}

// FuzzEncode gives touchstone encode any input: it answers every line in order,
// as JSON, or says which line is wrong.
func FuzzEncode(f *testing.F) {
	for _, s := range []string{`{"text":"lamp"}` + "\n" + `{"text":"华为"}`, `{"text":null}`, `{"text":1}`, "\n\n", `{"text":"\ud800"}`, strings.Repeat("[", 2000), `{"text":"` + "\xff" + `"}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		var out, errs strings.Builder
		code := Run(t.Context(), []string{"encode"}, Deps{Stdin: strings.NewReader(in), Stdout: &out, Stderr: &errs,
			Encoder: func(string, string) (Encoder, error) { return letters{}, nil }})
		if code != exitOK && !strings.Contains(errs.String(), "stdin line") {
			t.Fatalf("exit %d: %q", code, errs.String())
		}
		answers := 0
		for dec := json.NewDecoder(strings.NewReader(out.String())); ; answers++ {
			var answer struct {
				IDs       []int32   `json:"ids"`
				Embedding []float32 `json:"embedding"`
			}
			if err := dec.Decode(&answer); err == io.EOF {
				break
			} else if err != nil || len(answer.IDs) != 1 || len(answer.Embedding) != 1 {
				t.Fatalf("answer %d: %+v, %v", answers, answer, err)
			}
		}
		if lines := strings.Count(in, "\n") + 1; answers > lines {
			t.Fatalf("%d answers to %d lines", answers, lines)
		}
	})
}
