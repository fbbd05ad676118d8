package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"creditsync/cmd/creditsync/texts"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// The exit statuses of every verb; `status` uses proven to unknown, the others the first three.
const (
	exitOK      = 0 // done; status: proven
	exitFailed  = 1 // the verb could not do its work
	exitUsage   = 2 // wrong words on the command line, or a configuration at fault
	exitAtRisk  = 3 // status: something needs a person before a deadline
	exitBroken  = 4 // status: overdue, unbalanced, or the platform is out of reach
	exitUnknown = 5 // status: no recent proof, or a mock platform
)

// surroundings are what the process was given; tests give their own.
type surroundings struct {
	args     []string
	in       io.Reader
	out, err io.Writer
	env      func(string) (string, bool)
	environ  func() []string
	now      func() time.Time
}

// cli is what every verb shares.
type cli struct {
	surroundings
	say    *texts.Catalogue
	lang   string
	json   bool
	config string
	began  bool                     // a verb has begun: the command line was right
	redact func(text string) string // hides the secrets of the settings, once they were read
}

// exit is an error that already knows its exit status; err may be nil when everything has been said.
type exit struct {
	status int
	err    error
}

func (e exit) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

func (e exit) Unwrap() error { return e.err }

// run executes one command line and returns the exit status.
func run(ctx context.Context, s surroundings) int {
	lang := language(s.args, s.env)
	c := &cli{surroundings: s, say: texts.New(lang), lang: lang, redact: func(text string) string { return text }}
	root := c.root()
	root.SetArgs(s.args)
	root.SetOut(s.out)
	root.SetErr(s.err)
	err := root.ExecuteContext(ctx)
	var e exit
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &e):
		if e.err != nil {
			fmt.Fprintln(s.err, c.redact(c.say.Error(e.err)))
		}
		return e.status
	case !c.began: // then it is cobra's: words it does not know, or too few of them
		fmt.Fprintln(s.err, c.say.Say("cmd.usage", err.Error()))
		return exitUsage
	default:
		fmt.Fprintln(s.err, c.redact(c.say.Error(err)))
		return exitFailed
	}
}

// noteBeginning lets v, and the verbs below it, say when they begin.
func (c *cli) noteBeginning(v *cobra.Command) {
	if do := v.RunE; do != nil {
		v.RunE = func(cmd *cobra.Command, args []string) error {
			c.began = true
			return do(cmd, args)
		}
	}
	for _, below := range v.Commands() {
		c.noteBeginning(below)
	}
}

// language is Chinese unless --lang or the locale says English.
func language(args []string, env func(string) (string, bool)) string {
	for i, a := range args {
		if v, ok := strings.CutPrefix(a, "--lang="); ok {
			return v
		}
		if a == "--lang" && i+1 < len(args) {
			return args[i+1]
		}
	}
	for _, name := range []string{"CREDITSYNC_LANG", "LC_ALL", "LC_MESSAGES", "LANG"} {
		if v, ok := env(name); ok && v != "" {
			if strings.HasPrefix(strings.ToLower(v), "en") {
				return "en"
			}
			return "zh"
		}
	}
	return "zh"
}

func (c *cli) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "creditsync",
		Short:         c.say.Say("cmd.root.short"),
		Long:          c.say.Say("cmd.root.long"),
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.CompletionOptions.DisableDefaultCmd = true
	root.PersistentFlags().String("lang", c.lang, c.say.Say("cmd.flag.lang"))
	root.PersistentFlags().BoolVar(&c.json, "json", false, c.say.Say("cmd.flag.json"))
	root.PersistentFlags().StringVarP(&c.config, "config", "c", "creditsync.yaml", c.say.Say("cmd.flag.config"))
	root.SetUsageTemplate(c.say.Say("cmd.usage_template"))
	root.SetHelpTemplate("{{with (or .Long .Short)}}{{. | trimTrailingWhitespaces}}\n\n{{end}}{{.UsageString}}")
	root.SetHelpCommand(&cobra.Command{Use: "help", Hidden: true, RunE: func(*cobra.Command, []string) error { return root.Help() }})
	for _, v := range c.verbs() {
		v.Flags().BoolP("help", "h", false, c.say.Say("cmd.flag.help"))
		c.noteBeginning(v)
		root.AddCommand(v)
	}
	root.PersistentFlags().BoolP("help", "h", false, c.say.Say("cmd.flag.help"))
	return root
}

// terminal says whether w is a terminal and how wide it is; 100 columns when it is not.
func terminal(w io.Writer) (bool, int) {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return false, 100
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil || width <= 0 {
		width = 100
	}
	return true, width
}
