package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"time"

	"creditsync/cmd/creditsync/daemon"
	"creditsync/jobs"
	"creditsync/jobs/store"
	"creditsync/mapping"

	"github.com/spf13/cobra"
)

// versionRow is one version of the rules as `mapping history` prints it.
type versionRow struct {
	Version     int64           `json:"version"`
	State       string          `json:"state"` // in_force, proposed, replaced, outdated
	Proposed    string          `json:"proposed,omitempty"`
	InForce     string          `json:"in_force,omitempty"`
	Author      string          `json:"author,omitempty"`
	Reason      string          `json:"reason,omitempty"`
	ConfirmedBy string          `json:"confirmed_by,omitempty"`
	Resend      bool            `json:"resend,omitempty"`
	Restores    int64           `json:"restores,omitempty"`
	Impact      json.RawMessage `json:"impact,omitempty"`
	Files       []string        `json:"files,omitempty"`
}

func (c *cli) mappingPropose() *cobra.Command {
	var clock, by, reason string
	v := &cobra.Command{Use: "propose", Short: c.say.Say("cmd.mapping.propose.short"), Args: cobra.NoArgs}
	e := c.editedFlags(v)
	c.personFlags(v, &by, &reason)
	hideClock(v, &clock)
	v.RunE = func(cmd *cobra.Command, _ []string) error {
		return c.onRules(cmd, clock, e, func(w workplace) error {
			i, err := c.impact(w, jobs.ImpactQuery{}, "")
			if err != nil {
				return err
			}
			text, err := json.Marshal(i)
			if err != nil {
				return fmt.Errorf("encode impact: %w", err)
			}
			v, err := w.deps.Store.Rules.Suggest(w.ctx, store.Rules{Files: w.files, Author: by, Reason: reason, Impact: string(text)})
			if err != nil {
				return err
			}
			return c.show(rowOf(v, v.ID, w.deps.Now().Location()), func(out io.Writer) error {
				if !v.InForce.IsZero() {
					_, err := fmt.Fprintln(out, c.say.Say("cmd.mapping.propose.same", v.ID))
					return err
				}
				if err := c.printImpact(out, i, ""); err != nil {
					return err
				}
				_, err := fmt.Fprintln(out, c.say.Say("cmd.mapping.propose.done", v.ID))
				return err
			})
		})
	}
	return v
}

// personFlags are who and why: a change of rules has both.
func (c *cli) personFlags(v *cobra.Command, by, reason *string) {
	v.Flags().StringVar(by, "by", "", c.say.Say("cmd.flag.by"))
	v.Flags().StringVar(reason, "reason", "", c.say.Say("cmd.mapping.flag.reason"))
	_ = v.MarkFlagRequired("by")
	_ = v.MarkFlagRequired("reason")
}

func (c *cli) mappingConfirm() *cobra.Command {
	var clock, by string
	var resend bool
	v := &cobra.Command{Use: "confirm VERSION", Short: c.say.Say("cmd.mapping.confirm.short"), Args: cobra.ExactArgs(1)}
	v.Flags().StringVar(&by, "by", "", c.say.Say("cmd.flag.by"))
	v.Flags().BoolVar(&resend, "resend", false, c.say.Say("cmd.mapping.flag.resend"))
	_ = v.MarkFlagRequired("by")
	hideClock(v, &clock)
	v.RunE = func(cmd *cobra.Command, args []string) error {
		id, err := versionOf(args[0])
		if err != nil {
			return err
		}
		s, err := c.settings()
		if err != nil {
			return err
		}
		return c.withHouse(cmd.Context(), clock, func(h *daemon.House) error {
			d := h.Deps()
			v, err := d.Store.Rules.Confirm(cmd.Context(), id, by, s.Rules.Confirm == "two", resend)
			if err != nil {
				return err
			}
			return c.changed(h, v, "cmd.mapping.confirm.done")
		})
	}
	return v
}

func (c *cli) mappingRollback() *cobra.Command {
	var clock, by, reason string
	v := &cobra.Command{Use: "rollback [VERSION]", Short: c.say.Say("cmd.mapping.rollback.short"), Long: c.say.Say("cmd.mapping.rollback.long"),
		Args: cobra.MaximumNArgs(1)}
	c.personFlags(v, &by, &reason)
	hideClock(v, &clock)
	v.RunE = func(cmd *cobra.Command, args []string) error {
		return c.withHouse(cmd.Context(), clock, func(h *daemon.House) error {
			d := h.Deps()
			id, err := c.former(cmd, d, args)
			if err != nil {
				return err
			}
			v, err := d.Store.Rules.Restore(cmd.Context(), id, by, reason)
			if err != nil {
				return err
			}
			return c.changed(h, v, "cmd.mapping.rollback.done")
		})
	}
	return v
}

// former is the version to go back to: the one named, or the one in force before this one.
func (c *cli) former(cmd *cobra.Command, d jobs.Deps, args []string) (int64, error) {
	if len(args) > 0 {
		return versionOf(args[0])
	}
	id, ok, err := d.Store.Rules.Former(cmd.Context())
	if err == nil && !ok {
		err = exit{exitUsage, mapping.Fault{What: "cmd.mapping.no_former"}}
	}
	return id, err
}

func versionOf(text string) (int64, error) {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id < 1 {
		return 0, exit{exitUsage, mapping.Fault{What: "cmd.mapping.bad_version", Args: []string{text}}}
	}
	return id, nil
}

// changed tells what is in force now.
func (c *cli) changed(h *daemon.House, v store.Rules, sentence string) error {
	return c.show(rowOf(v, v.ID, h.Deps().Now().Location()), func(w io.Writer) error {
		_, err := fmt.Fprintln(w, c.say.Say(sentence, v.ID, v.Restores))
		return err
	})
}

func (c *cli) mappingHistory() *cobra.Command {
	var clock string
	var limit int
	v := &cobra.Command{Use: "history", Short: c.say.Say("cmd.mapping.history.short"), Args: cobra.NoArgs}
	v.Flags().IntVar(&limit, "limit", 20, c.say.Say("cmd.log.flag.limit"))
	hideClock(v, &clock)
	v.RunE = func(cmd *cobra.Command, _ []string) error {
		return c.withHouse(cmd.Context(), clock, func(h *daemon.House) error {
			d := h.Deps()
			all, err := d.Store.Rules.History(cmd.Context(), limit)
			if err != nil {
				return err
			}
			var rows []versionRow
			for _, v := range all {
				rows = append(rows, rowOf(v, d.Rules().Version, d.Now().Location()))
			}
			return c.show(rows, func(w io.Writer) error { c.printVersions(w, rows); return nil })
		})
	}
	return v
}

func (c *cli) printVersions(w io.Writer, rows []versionRow) {
	var cells [][]string
	for _, r := range rows {
		author := r.Author
		if author == "" {
			author = c.say.Say("cmd.mapping.from_files")
		}
		when := r.InForce
		if when == "" {
			when = r.Proposed
		}
		cells = append(cells, []string{strconv.FormatInt(r.Version, 10), c.say.Say("rulestate." + r.State), when, author, r.ConfirmedBy, r.Reason})
	}
	c.grid(w, []column{{title: c.say.Say("word.version"), right: true}, {title: c.say.Say("word.state")}, {title: c.say.Say("word.time")},
		{title: c.say.Say("word.author"), max: 12}, {title: c.say.Say("word.confirmed_by"), max: 12}, {title: c.say.Say("word.reason"), max: 30}}, cells)
}

func (c *cli) mappingShow() *cobra.Command {
	var clock string
	v := &cobra.Command{Use: "show VERSION", Short: c.say.Say("cmd.mapping.show.short"), Args: cobra.ExactArgs(1)}
	hideClock(v, &clock)
	v.RunE = func(cmd *cobra.Command, args []string) error {
		id, err := versionOf(args[0])
		if err != nil {
			return err
		}
		return c.withHouse(cmd.Context(), clock, func(h *daemon.House) error {
			d := h.Deps()
			v, err := d.Store.Rules.Get(cmd.Context(), id)
			if err != nil {
				return err
			}
			row := rowOf(v, d.Rules().Version, d.Now().Location())
			for _, f := range v.Files {
				row.Files = append(row.Files, f.Name+" "+f.Hash[:12])
			}
			return c.show(row, func(w io.Writer) error { return c.printVersion(w, row) })
		})
	}
	return v
}

func (c *cli) printVersion(w io.Writer, r versionRow) error {
	c.printVersions(w, []versionRow{r})
	if len(r.Impact) > 0 {
		var i jobs.Impact
		if err := json.Unmarshal(r.Impact, &i); err != nil {
			return fmt.Errorf("read impact: %w", err)
		}
		fmt.Fprintln(w)
		if err := c.printImpact(w, i, ""); err != nil {
			return err
		}
	}
	fmt.Fprintln(w)
	for _, f := range r.Files {
		fmt.Fprintln(w, f)
	}
	return nil
}

func rowOf(v store.Rules, inForce int64, zone *time.Location) versionRow {
	r := versionRow{Version: v.ID, Author: v.Author, Reason: v.Reason, ConfirmedBy: v.ConfirmedBy, Resend: v.Resend, Restores: v.Restores,
		State: "proposed"}
	const layout = "2006-01-02 15:04"
	if !v.Proposed.IsZero() {
		r.Proposed = v.Proposed.In(zone).Format(layout)
	}
	if !v.InForce.IsZero() {
		r.InForce, r.State = v.InForce.In(zone).Format(layout), "replaced"
	}
	switch {
	case v.ID == inForce && !v.InForce.IsZero():
		r.State = "in_force"
	case v.InForce.IsZero() && v.ID < inForce:
		r.State = "outdated"
	}
	if v.Impact != "" {
		r.Impact = json.RawMessage(v.Impact)
	}
	return r
}
