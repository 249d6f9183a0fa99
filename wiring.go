package main

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"

	"touchstone/assets"
	"touchstone/diagnosis"
	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/storage"
	"touchstone/ui"
	"touchstone/ui/theme"
)

func openWorkspace(path string) (*workbench.Bench, error) {
	store, err := storage.Open(path, workspaceOptions())
	if err != nil {
		return nil, err
	}
	return newBench(store)
}

// workspaceOptions let grades wait in the person's folder for settings where a
// workspace's own folder cannot be written.
func workspaceOptions() storage.Options {
	config, err := os.UserConfigDir()
	if err != nil {
		return storage.Options{} // such a machine still opens workspaces
	}
	return storage.Options{Journals: filepath.Join(config, "touchstone", "journals")}
}

// viewWorkspace opens a workspace to look at, whoever else has it open.
func viewWorkspace(path string) (*workbench.Bench, error) {
	store, err := storage.View(context.Background(), path)
	if err != nil {
		return nil, err
	}
	return newBench(store)
}

func createWorkspace(path, model string) (*workbench.Bench, error) {
	if model != workbench.AutoModel {
		var err error
		if model, err = encoders.Locate(model); err != nil {
			return nil, err
		}
		if _, err := encoders.Open(model, ""); err != nil {
			return nil, err
		}
	}
	store, err := storage.Create(path, workspaceOptions())
	if err != nil {
		return nil, err
	}
	settings := store.Settings()
	settings.Model = model
	if err := store.PutSettings(settings); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return newBench(store)
}

func newBench(store *storage.Workspace) (*workbench.Bench, error) {
	bench, err := workbench.Open(context.Background(), store, func(name string) (engine.Encoder, error) {
		return encoders.Open(name, "")
	})
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	bench.ModelNames = encoders.Names
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbage)
	}
	go debug.FreeOSMemory() // what opening left behind
	return bench, nil
}

// garbage is how much of the memory in use may be waiting to be collected, in
// percent, once a workspace is open. The index of a large catalogue has no
// pointers in it: to look through the rest more often costs little, and the
// usual 100 would cost a gigabyte.
const garbage = 25

// sampleWorkspace makes a workspace of an embedded sample catalogue with its
// queries and grades.
func sampleWorkspace(ctx context.Context, path, name string, progress engine.OnProgress) (*workbench.Bench, error) {
	files, err := os.MkdirTemp("", "touchstone-sample-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(files)
	if err := os.CopyFS(files, assets.Sample(name)); err != nil {
		return nil, err
	}
	bench, err := createWorkspace(path, workbench.AutoModel)
	if err != nil {
		return nil, err
	}
	if _, err = bench.Import(ctx, []string{filepath.Join(files, "products.jsonl")}, nil, progress); err == nil {
		_, err = bench.ImportJudgments(ctx, filepath.Join(files, "judgments.csv"), "")
	}
	if err == nil {
		_, err = bench.ImportQueries(ctx, filepath.Join(files, "queries.csv"))
	}
	if err != nil {
		return nil, errors.Join(err, bench.Close(), os.Remove(path))
	}
	return bench, nil
}

// openSample opens the person's own copy of a sample, and makes it the first
// time.
func openSample(name string) (*workbench.Bench, error) {
	config, err := os.UserConfigDir()
	if err != nil {
		return nil, fmt.Errorf("the sample needs a place to live: %w", err)
	}
	path := filepath.Join(config, "touchstone", "sample-"+name+".touchstone")
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return openWorkspace(path)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	return sampleWorkspace(context.Background(), path, name, nil)
}

func backupWorkspace(ctx context.Context, from, to string) error {
	return withStore(from, func(store *storage.Workspace) error { return store.Backup(ctx, to) })
}

func openWindow(path string) error {
	config, err := os.UserConfigDir()
	if err != nil {
		return fmt.Errorf("the window needs a place for its log: %w", err)
	}
	log, err := diagnosis.Open(filepath.Join(config, "touchstone", "log"), version)
	if err != nil {
		return err
	}
	crashed, _ := log.Crashed()
	return errors.Join(ui.Run(ui.Deps{
		View:        func(path string) (ui.Bench, error) { return viewWorkspace(path) },
		Upkeep:      upkeep{},
		Crashed:     crashed,
		Diagnostics: diagnostics(log),
		Version:     version,
		Path:        path,
		Open:        func(path string) (ui.Bench, error) { return openWorkspace(path) },
		Create:      func(path string) (ui.Bench, error) { return createWorkspace(path, workbench.AutoModel) },
		Models: ui.Models{
			Import: encoders.Import,
			Create: func(path, model string) (ui.Bench, error) { return createWorkspace(path, model) },
		},
		Sample: func() (ui.Bench, error) { return openSample("en") },
		Samples: []ui.Sample{
			{Name: "Open the sample in Chinese", Language: "zh", Open: func() (ui.Bench, error) { return openSample("zh") }},
			{Name: "Open the sample of news", Open: func() (ui.Bench, error) { return openSample("news") }},
			{Name: "Open the sample of help pages", Open: func() (ui.Bench, error) { return openSample("help") }},
		},
	}), log.Close())
}

func drawPicture(ctx context.Context, bench *workbench.Bench, query string) (image.Image, error) {
	return ui.Picture(ctx, bench, query, ui.PictureSize, theme.Light)
}
