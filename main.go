// Touchstone is a bench for testing and tuning product search: it opens a
// catalogue, searches it with words and with BERT, explains each score, and
// turns people's grades into better ranking weights, on their own machine.
//
// main only wires: it hands the workspace file, the embedded models and the
// window to the commands.
package main

import (
	"context"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"touchstone/cli"
	_ "touchstone/ui/locale" // before Fyne looks
)

// version is stamped by the build: -ldflags "-X main.version=…".
var version = "dev"

func main() {
	// A command says what went wrong on one line; the log is the window's, which sets its own.
	slog.SetDefault(slog.New(slog.DiscardHandler))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := cli.Run(ctx, os.Args[1:], wire(os.Stdin, os.Stdout, os.Stderr))
	stop()
	os.Exit(code)
}

// wire hands the commands what they work with.
func wire(stdin io.Reader, stdout, stderr io.Writer) cli.Deps {
	return cli.Deps{
		Version:     version,
		Stdin:       stdin,
		Stdout:      stdout,
		Stderr:      stderr,
		Open:        openWorkspace,
		Create:      createWorkspace,
		Sample:      sampleWorkspace,
		Encoder:     openEncoder,
		ImportModel: encoders.Import,
		Backup:      backupWorkspace,
		Upkeep:      upkeep{},
		Window:      openWindow,
		Picture:     drawPicture,
	}
}
