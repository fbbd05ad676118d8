package config

import (
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/robfig/cron/v3"
)

// check reports what is wrong with settings that could be read.
func (l *loader) check(s *Settings) {
	l.oneOf("language", s.Language, "zh", "en")
	l.oneOf("rules.confirm", s.Rules.Confirm, "none", "one", "two")
	l.oneOf("log.level", s.Log.Level, "debug", "info", "warn", "error")
	l.oneOf("log.format", s.Log.Format, "text", "json")
	for _, p := range []struct{ path, value string }{
		{"data", s.Data}, {"registry", s.Registry}, {"platform.profile", s.Platform.Profile}, {"folders.mappings", s.Folders.Mappings},
		{"folders.platforms", s.Folders.Platforms}, {"folders.codes", s.Folders.Codes}, {"folders.holidays", s.Folders.Holidays},
	} {
		if p.value == "" {
			l.fault(missing, p.path)
		}
	}
	l.between("platform.lanes", float64(s.Platform.Lanes), 1, 32)
	l.between("site.lanes", float64(s.Site.Lanes), 1, 8)
	l.between("guard.shrink_percent", s.Guard.ShrinkPercent, 0, 100)
	l.between("guard.change_percent", s.Guard.ChangePercent, 0, 100)
	l.between("backup.keep", float64(s.Backup.Keep), 0, 10_000)
	l.between("guard.rows", float64(s.Guard.Rows), 1, 1_000_000)
	if s.Lists.StaleAfter <= 0 || s.Lists.StaleAfter > staleLimit {
		l.fault(tooStale, "lists.stale_after", s.Lists.StaleAfter.String(), staleLimit.String())
	}
	l.checkStore(s.Store.DSN.Text())
	l.checkListen(s.Listen)
	l.checkSite(s.Site)
	l.checkDatabases(s.Databases)
	l.checkVariables(s.Platform.Variables)
	l.checkSchedule(l.tasks)
}

func (l *loader) oneOf(path, value string, allowed ...string) {
	if !slices.Contains(allowed, value) {
		l.fault(notOneOf, path, value, strings.Join(allowed, " "))
	}
}

func (l *loader) between(path string, value, least, greatest float64) {
	if !(value >= least && value <= greatest) {
		format := func(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
		l.fault(outOfRange, path, format(value), format(least), format(greatest))
	}
}

// checkStore looks at the scheme alone: what stands behind it may be secret.
func (l *loader) checkStore(dsn string) {
	scheme, rest, _ := strings.Cut(dsn, ":")
	if !slices.Contains([]string{"sqlite", "postgres", "postgresql"}, scheme) || rest == "" {
		l.fault(badStore, "store.dsn")
	}
}

// checkListen keeps the status page on this machine: it shows what a bureau holds about its subjects and asks nobody
// who they are.
func (l *loader) checkListen(address string) {
	host, port, err := net.SplitHostPort(address)
	if n, bad := strconv.ParseUint(port, 10, 16); err != nil || bad != nil || n > 65535 {
		l.fault(badListen, "listen", address)
		return
	}
	ip, err := netip.ParseAddr(host)
	if host != "localhost" && (err != nil || !ip.IsLoopback()) {
		l.fault(notLoopback, "listen", address)
	}
}

func (l *loader) checkSite(s Site) {
	if s.Outbox == "" && s.Published != "" {
		l.fault(missing, "site.outbox")
	}
	if s.Outbox != "" && s.Published == "" {
		l.fault(missing, "site.published")
	}
	if s.Outbox != "" && s.Outbox == s.Published {
		l.fault(twice, "site.published", s.Published)
	}
}

func (l *loader) checkDatabases(ds []Database) {
	seen := map[string]bool{}
	for i, d := range ds {
		path := fmt.Sprintf("databases[%d]", i)
		l.named(path+".name", d.Name, seen)
		l.oneOf(path+".driver", d.Driver, "postgres", "sqlite")
		if d.DSN == (Value{}) {
			l.fault(missing, path+".dsn")
		}
	}
}

func (l *loader) checkVariables(vs []Variable) {
	seen := map[string]bool{}
	for i, v := range vs {
		path := fmt.Sprintf("platform.variables[%d]", i)
		l.named(path+".name", v.Name, seen)
		if v.Value == (Value{}) {
			l.fault(missing, path+".value")
		}
	}
}

// named reports a name that is missing or was used before.
func (l *loader) named(path, name string, seen map[string]bool) {
	switch {
	case name == "":
		l.fault(missing, path)
	case seen[name]:
		l.fault(twice, path, name)
	}
	seen[name] = true
}

// checkSchedule checks the file's own lines.
func (l *loader) checkSchedule(ts []Task) {
	seen := map[string]bool{}
	for i, t := range ts {
		path := fmt.Sprintf("schedule[%d]", i)
		l.named(path, strings.TrimSpace(t.Job+" "+t.Target), seen)
		l.oneOf(path+".job", t.Job, "collect", "deliver", "prove", "compare", "pull", "remind", "backup")
		if t.Cron == off {
			continue
		}
		if _, err := cron.ParseStandard(t.Cron); err != nil {
			l.fault(badCron, path+".cron", t.Cron, err.Error())
		}
	}
}
