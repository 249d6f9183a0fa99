package cli

import "fmt"

type modelCmd struct {
	Import modelImportCmd `cmd:"" help:"Take a Hugging Face BERT folder into this machine's model store."`
}

type modelImportCmd struct {
	Folder string `arg:"" help:"The folder with config.json, vocab.txt and weights."`
	Name   string `arg:"" help:"What to call the model from now on."`
}

func (c *modelImportCmd) Run(s *session) error {
	about, err := s.ImportModel(s, c.Folder, c.Name)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.Stdout, "%s is ready: %s\n", c.Name, about)
	return err
}
