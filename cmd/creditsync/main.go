// Command creditsync keeps a county bureau's registries in step with the platform, publishes every inspection result
// before its legal deadline, and pulls the credit lists that joint sanctions rest on. Each verb has a file of its own;
// this one holds flags, signals and the exit status.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"
	_ "time/tzdata" // a bare county server has no zone files
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, surroundings{
		args: os.Args[1:], in: os.Stdin, out: os.Stdout, err: os.Stderr,
		env: os.LookupEnv, environ: os.Environ, now: time.Now,
	})
	stop()
	os.Exit(status)
}
