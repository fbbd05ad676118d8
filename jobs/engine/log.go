package engine

import (
	"context"
	"encoding/json"
	"log/slog"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// quiet lets through what River says at warning level and above: its daily chatter is no news.
type quiet struct{ slog.Handler }

// Enabled holds from warnings on.
func (q quiet) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && q.Handler.Enabled(ctx, l)
}

// WithAttrs keeps the filter.
func (q quiet) WithAttrs(attrs []slog.Attr) slog.Handler { return quiet{q.Handler.WithAttrs(attrs)} }

// WithGroup keeps the filter.
func (q quiet) WithGroup(name string) slog.Handler { return quiet{q.Handler.WithGroup(name)} }

// failures says once what a job returned: the engine is where a job's error ends.
type failures struct{ log *slog.Logger }

// HandleError logs an error.
func (f failures) HandleError(ctx context.Context, job *rivertype.JobRow, err error) *river.ErrorHandlerResult {
	f.log.WarnContext(ctx, "a job failed", append(about(job), "error", err)...)
	return nil
}

// HandlePanic logs a panic with its stack.
func (f failures) HandlePanic(ctx context.Context, job *rivertype.JobRow, value any, trace string) *river.ErrorHandlerResult {
	f.log.ErrorContext(ctx, "a job panicked", append(about(job), "panic", value, "stack", trace)...)
	return nil
}

func about(job *rivertype.JobRow) []any {
	var w Work
	if err := json.Unmarshal(job.EncodedArgs, &w); err != nil {
		return []any{"id", job.ID, "attempt", job.Attempt}
	}
	return []any{"job", w.Job, "target", w.Target, "slot", w.Slot, "attempt", job.Attempt}
}
