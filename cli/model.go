package cli

import (
	"fmt"

	"touchstone/engine/workbench"
)

type modelCmd struct {
	Import modelImportCmd `cmd:"" help:"Take a Hugging Face BERT folder into this machine's model store."`
}

type modelImportCmd struct {
	Folder      string  `arg:"" help:"The folder with config.json, vocab.txt and weights."`
	Name        string  `arg:"" help:"What to call the model from now on."`
	Pooling     string  `placeholder:"HOW" help:"mean, cls, max or pooler; else as the folder says, or mean."`
	QueryPrefix *string `placeholder:"TEXT" help:"What stands before each query, such as \"query: \"; else as the folder says."`
	Precision   string  `enum:"fp32,int8" default:"fp32" help:"int8 is a quarter of the size and several times as fast; fp32 is exact."`
}

func (c *modelImportCmd) Run(s *session) error {
	about, err := s.ImportModel(s, workbench.ModelImport{Folder: c.Folder, Name: c.Name,
		Pooling: c.Pooling, QueryPrefix: c.QueryPrefix, Precision: c.Precision})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.Stdout, "%s is ready: %s\n", c.Name, about)
	return err
}
