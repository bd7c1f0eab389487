// Command chatlane is a Kanban and sales-funnel board for Chatwoot.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// version is set when the program is built.
var version = "dev"

type commands struct {
	Serve       serveCmd         `cmd:"" default:"1" help:"Serve the board."`
	Demo        demoCmd          `cmd:"" help:"Serve a board of a simulated Chatwoot: nothing to configure."`
	Simulate    simulateCmd      `cmd:"" help:"Serve a simulated Chatwoot alone."`
	Backup      backupCmd        `cmd:"" help:"Copy the database while it is in use."`
	Healthcheck healthcheckCmd   `cmd:"" help:"Ask a running server whether it lives; for containers."`
	Version     kong.VersionFlag `help:"Say which version this is."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var cli commands
	k := kong.Parse(&cli, kong.Name("chatlane"), kong.Description("A Kanban and sales-funnel board for Chatwoot.\n\n"+configTable()),
		kong.Vars{"version": version}, kong.UsageOnError(), kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(newLogger()))
	if err := k.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "chatlane:", err)
		stop()
		os.Exit(1) //nolint:gocritic // stop was called
	}
}

// newLogger writes to the standard error; CHATLANE_LOG=debug says more, warn less.
func newLogger() *slog.Logger {
	level := slog.LevelInfo
	_ = level.UnmarshalText([]byte(os.Getenv("CHATLANE_LOG")))
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
}
