package main

import (
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"

	"creditsync/cmd/creditsync/daemon"
	"creditsync/jobs"

	"github.com/spf13/cobra"
)

func (c *cli) mappingPreview() *cobra.Command {
	var clock, out string
	var q jobs.SampleQuery
	v := &cobra.Command{Use: "preview STREAM", Short: c.say.Say("cmd.mapping.preview.short"), Args: cobra.ExactArgs(1)}
	e := c.editedFlags(v)
	v.Flags().StringVar(&q.Key, "key", "", c.say.Say("cmd.mapping.flag.key"))
	v.Flags().StringVar(&q.Where, "where", "", c.say.Say("cmd.mapping.flag.where"))
	v.Flags().IntVar(&q.Limit, "limit", 3, c.say.Say("cmd.mapping.flag.limit"))
	v.Flags().BoolVar(&q.Faulty, "faulty", false, c.say.Say("cmd.mapping.flag.faulty"))
	v.Flags().StringVar(&out, "out", "", c.say.Say("cmd.mapping.flag.out"))
	hideClock(v, &clock)
	v.RunE = func(cmd *cobra.Command, args []string) error {
		q.Stream = args[0]
		return c.onRules(cmd, clock, e, func(w workplace) error {
			sample, err := c.look(w, q, out)
			if err != nil {
				return err
			}
			return c.show(sample, func(w io.Writer) error { return c.printSample(w, sample, out) })
		})
	}
	return v
}

// look runs the preview, into a workbook if there is to be one.
func (c *cli) look(w workplace, q jobs.SampleQuery, out string) (jobs.Sample, error) {
	if out == "" {
		return jobs.Look(w.ctx, w.deps, w.next, q)
	}
	var sample jobs.Sample
	titles := []string{c.say.Say("word.key"), c.say.Say("word.place"), c.say.Say("word.column"), c.say.Say("word.local"),
		c.say.Say("word.rule"), c.say.Say("word.field"), c.say.Say("word.platform_value"), c.say.Say("word.fault")}
	err := daemon.WriteWorkbook(out, q.Stream, titles, func(yield func([]string, error) bool) {
		q.Tell = func(r jobs.SampleRow) error {
			for _, s := range r.Steps {
				if !yield([]string{r.Key, r.Place, s.Column, s.Local, s.Rule, s.Field, s.Value, c.stepFault(s)}, nil) {
					return errStopped
				}
			}
			return nil
		}
		var err error
		if sample, err = jobs.Look(w.ctx, w.deps, w.next, q); err != nil {
			yield(nil, err)
		}
	})
	return sample, err
}

func (c *cli) stepFault(s jobs.Step) string {
	if s.Fault == "" {
		return ""
	}
	return c.say.Say(s.Fault, anys(s.Args)...)
}

func anys(texts []string) []any {
	all := make([]any, len(texts))
	for i, t := range texts {
		all[i] = t
	}
	return all
}

func (c *cli) printSample(w io.Writer, s jobs.Sample, out string) error {
	fmt.Fprintln(w, c.say.Say("cmd.mapping.preview.sum", s.Title, s.Rows, s.Valid, s.Invalid, s.Excluded, s.NotReady, s.Withheld))
	c.printCauses(w, s.Causes)
	for _, f := range s.Findings {
		fmt.Fprintln(w, "! "+c.say.Say(f.Code, anys(f.Arguments)...))
	}
	for _, r := range s.Shown {
		fmt.Fprintln(w)
		fmt.Fprintln(w, strings.TrimSpace(r.Key+"  "+r.Place))
		c.printSteps(w, r.Steps)
	}
	if out != "" {
		fmt.Fprintln(w, c.say.Say("cmd.mapping.out", out))
	}
	return nil
}

// printCauses says for each cause how many rows have it and where for example.
func (c *cli) printCauses(w io.Writer, causes []jobs.Cause) {
	for _, cause := range causes {
		e := cause.Examples[0]
		where := e.Key
		if e.Place != "" {
			where += " " + e.Place
		}
		fmt.Fprintln(w, c.say.Say("cmd.mapping.cause", cause.Rows, c.say.Say(cause.Code, anys(e.Arguments)...), where))
	}
}

func (c *cli) printSteps(w io.Writer, steps []jobs.Step) {
	var rows [][]string
	for _, s := range steps {
		value := s.Value
		if s.Fault != "" {
			value = "✗ " + c.stepFault(s)
		}
		rows = append(rows, []string{s.Column, s.Local, s.Rule, s.Field, value})
	}
	c.grid(w, []column{{title: c.say.Say("word.column"), max: 18}, {title: c.say.Say("word.local"), max: 22}, {title: c.say.Say("word.rule"), max: 16},
		{title: c.say.Say("word.field"), max: 12}, {title: c.say.Say("word.platform_value"), max: 22}}, rows)
}

// differences writes every difference that an impact finds into a workbook, while it is worked out.
func (c *cli) differences(out string, run func(tell func(string, jobs.Difference) error) error) error {
	titles := []string{c.say.Say("word.stream"), c.say.Say("word.key"), c.say.Say("word.field"), c.say.Say("word.old"),
		c.say.Say("word.new"), c.say.Say("word.on_platform")}
	var rows iter.Seq2[[]string, error] = func(yield func([]string, error) bool) {
		err := run(func(stream string, d jobs.Difference) error {
			if !yield([]string{stream, d.Key, d.Field, d.Old, d.New, strconv.FormatBool(d.Published)}, nil) {
				return errStopped
			}
			return nil
		})
		if err != nil {
			yield(nil, err)
		}
	}
	return daemon.WriteWorkbook(out, "diff", titles, rows)
}
