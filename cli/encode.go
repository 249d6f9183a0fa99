package cli

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
)

type encodeCmd struct {
	Model     string `default:"minilm" help:"minilm, bge-zh, or a Hugging Face BERT folder."`
	Precision string `default:"int8" enum:"int8,fp32" help:"int8 or fp32."`
}

// encodeBatch is how many texts are read before they are encoded together.
const encodeBatch = 256

// maxLine bounds one line of input, so that a stream without line ends is
// refused rather than read into memory.
const maxLine = 16 << 20

func (c *encodeCmd) Run(s *session) error {
	encoder, err := s.Encoder(c.Model, c.Precision)
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(s.Stdin)
	lines.Buffer(make([]byte, 64<<10), maxLine)
	out := bufio.NewWriter(s.Stdout)
	var texts []string
	flush := func() error {
		vectors, err := encoder.Encode(s, texts)
		if err != nil {
			return err
		}
		for i, text := range texts {
			if err := writeEmbedding(out, encoder.Tokenize(text), vectors[i]); err != nil {
				return err
			}
		}
		texts = texts[:0]
		return out.Flush()
	}
	n := 0
	for lines.Scan() {
		n++
		if len(lines.Bytes()) == 0 {
			continue
		}
		var in struct {
			Text *string `json:"text"`
		}
		if err := json.Unmarshal(lines.Bytes(), &in); err != nil {
			return fmt.Errorf("stdin line %d: %w; each line must be a JSON object {\"text\": …}", n, err)
		}
		if in.Text == nil {
			return fmt.Errorf("stdin line %d: no \"text\"; each line must be a JSON object {\"text\": …}", n)
		}
		if texts = append(texts, *in.Text); len(texts) == encodeBatch {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("stdin line %d: %w", n+1, err)
	}
	return flush()
}

func writeEmbedding(w io.Writer, ids []int32, embedding []float32) error {
	line, err := json.Marshal(struct {
		IDs       []int32   `json:"ids"`
		Embedding []float32 `json:"embedding"`
	}{ids, embedding})
	if err != nil {
		return err
	}
	_, err = w.Write(append(line, '\n'))
	return err
}
