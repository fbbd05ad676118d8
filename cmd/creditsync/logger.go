package main

import (
	"context"
	"log/slog"

	"creditsync/cmd/creditsync/daemon"
	"creditsync/cmd/creditsync/texts"
)

// logger writes the log to standard error in the reader's language and without secrets.
func (c *cli) logger(s settings) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(s.Log.Level)); err != nil {
		level = slog.LevelInfo
	}
	o := &slog.HandlerOptions{Level: level}
	var h slog.Handler = slog.NewTextHandler(c.err, o)
	if s.Log.Format == "json" {
		h = slog.NewJSONHandler(c.err, o)
	}
	return slog.New(spoken{s.Redactor().Handler(h), c.say})
}

// spoken says the messages of the log by the catalogue. The attributes are for machines and stay as they are.
type spoken struct {
	slog.Handler
	say *texts.Catalogue
}

// Handle replaces the message by its sentence.
func (s spoken) Handle(ctx context.Context, r slog.Record) error {
	if code := sentenceOf(r.Message); code != "" {
		r = r.Clone()
		r.Message = s.say.Say(code) + s.cause(r)
	}
	return s.Handler.Handle(ctx, r)
}

// cause is the sentence of the error that a record of the log carries, if it has one.
func (s spoken) cause(r slog.Record) (said string) {
	r.Attrs(func(a slog.Attr) bool {
		err, is := a.Value.Any().(error)
		if is {
			said = ": " + s.say.Error(err)
		}
		return !is
	})
	return said
}

// sentenceOf is the catalogue's code for a message of the log, "" if it has none and is said as it is.
func sentenceOf(message string) string {
	switch message {
	case "run ended":
		return "log.run_ended"
	case "rules at fault; those in force stay":
		return daemon.ReloadFailed
	case "a job failed":
		return "log.job_failed"
	case "a job panicked":
		return "log.job_panicked"
	default:
		return ""
	}
}

// WithAttrs keeps speaking.
func (s spoken) WithAttrs(as []slog.Attr) slog.Handler {
	return spoken{s.Handler.WithAttrs(as), s.say}
}

// WithGroup keeps speaking.
func (s spoken) WithGroup(name string) slog.Handler { return spoken{s.Handler.WithGroup(name), s.say} }
