package cli

import (
	"fmt"
	"os"

	"touchstone/cli/serve"
	"touchstone/engine/workbench"
)

type serveCmd struct {
	Workspace string `arg:""`
	Addr      string `default:"127.0.0.1:8080" help:"Where to listen. Beyond this machine callers need the token in TOUCHSTONE_TOKEN."`
}

func (c *serveCmd) Run(s *session) error {
	token := os.Getenv(serve.TokenVariable)
	l, err := serve.Listen(c.Addr, token)
	if err != nil {
		return err
	}
	defer l.Close()
	return s.with(c.Workspace, func(bench *workbench.Bench) error {
		fmt.Fprintf(s.Stderr, "answering on http://%s\n", l.Addr())
		return serve.Serve(s, l, bench, token)
	})
}
