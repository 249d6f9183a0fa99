package diagnosis

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	"gopkg.in/natefinch/lumberjack.v2"
)

// The log is one file of JSON Lines and up to logBackups older ones of logSize
// megabytes each.
const (
	logFile    = "touchstone.log"
	logSize    = 2
	logBackups = 4
)

// Log is the open log of a program, and where its crash will be reported.
type Log struct {
	folder string
	out    *lumberjack.Logger
	crash  *os.File
	last   string // the newest crash report of an earlier run, "" for none
}

// Open starts logging into a folder, which it makes, and has the runtime report
// a crash there. The records of slog.Default go into the log from then on.
func Open(folder, version string) (*Log, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("the log: %w", err)
	}
	l := &Log{folder: folder, out: &lumberjack.Logger{
		Filename: filepath.Join(folder, logFile), MaxSize: logSize, MaxBackups: logBackups,
	}}
	slog.SetDefault(slog.New(newHandler(l.out)))
	slog.Info("started", "pid", os.Getpid(), "version", version)
	err := l.watch()
	if err != nil {
		err = errors.Join(fmt.Errorf("crash reports: %w", err), l.out.Close())
	}
	return l, err
}

// newHandler writes JSON Lines, in which an error is its text.
func newHandler(w io.Writer) slog.Handler {
	return slog.NewJSONHandler(w, &slog.HandlerOptions{
		Level: slog.LevelDebug,
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if err, ok := a.Value.Any().(error); ok {
				a.Value = slog.StringValue(err.Error())
			}
			return a
		},
	})
}

// Close ends the log of a program that ends well.
func (l *Log) Close() error {
	slog.Info("ended", "pid", os.Getpid())
	return errors.Join(l.unwatch(), l.out.Close())
}
