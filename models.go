package main

import (
	"fmt"
	"os"
	"path/filepath"

	"touchstone/assets"
	"touchstone/cli"
	"touchstone/engine/bert"
	"touchstone/engine/workbench"
)

// encoders are the models that workspaces and commands work with.
var encoders = workbench.Encoders{Embedded: assets.Model, Folder: modelStore}

func openEncoder(model, precision string) (cli.Encoder, error) {
	return encoders.Open(model, bert.Precision(precision))
}

// modelStore is where imported models live.
func modelStore() (string, error) {
	config, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("imported models need a place to live: %w", err)
	}
	return filepath.Join(config, "touchstone", "models"), nil
}
