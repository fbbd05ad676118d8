package config

import "time"

// Settings are the settings of one bureau's daemon, after defaults, environment and checks. Paths are absolute or
// relative to the working directory of the process, no longer to the settings file.
type Settings struct {
	// Language of texts for people: "zh" or "en".
	Language string `mapstructure:"language"`
	// Node names this daemon in the log when there are several; empty: the caller names it.
	Node string `mapstructure:"node"`
	// Data is the folder of what the daemon keeps: its SQLite file, spool files, workbooks of pulled streams.
	Data string `mapstructure:"data"`
	// Registry is the folder below which the workbooks and csv files of mappings are found.
	Registry  string     `mapstructure:"registry"`
	Listen    string     `mapstructure:"listen"` // address of the status page, loopback only
	Store     Store      `mapstructure:"store"`
	Databases []Database `mapstructure:"databases"`
	Platform  Platform   `mapstructure:"platform"`
	Site      Site       `mapstructure:"site"`
	Folders   Folders    `mapstructure:"folders"`
	Guard     Guard      `mapstructure:"guard"`
	Lists     Lists      `mapstructure:"lists"`
	Backup    Backup     `mapstructure:"backup"`
	Rules     Rules      `mapstructure:"rules"`
	Log       Log        `mapstructure:"log"`
	// Schedule holds the defaults, overridden by the settings file entry by entry.
	Schedule []Task `mapstructure:"schedule"`
}

// Store is the daemon's own memory.
type Store struct {
	// DSN is "sqlite:PATH" or "postgres://..."; by default creditsync.db in the data folder.
	DSN Value `mapstructure:"dsn"`
}

// Database is a local system that a mapping names as registry.database. Nothing is ever written there.
type Database struct {
	Name   string `mapstructure:"name"`
	Driver string `mapstructure:"driver"` // "postgres" or "sqlite"
	DSN    Value  `mapstructure:"dsn"`    // sqlite: the path of the file
}

// Platform is the far side.
type Platform struct {
	Profile   string     `mapstructure:"profile"` // a file of the platforms folder, without .yaml
	Lanes     int        `mapstructure:"lanes"`   // deliveries under way at the same time
	Mock      bool       `mapstructure:"mock"`    // the far side is a mock: nothing counts as proof
	Variables []Variable `mapstructure:"variables"`
}

// Variable fills ${NAME} of the profile.
type Variable struct {
	Name  string `mapstructure:"name"`
	Value Value  `mapstructure:"value"`
}

// Site is the county web site's channel. Both folders empty: there is none.
type Site struct {
	Outbox    string `mapstructure:"outbox"`    // where packages are laid out
	Published string `mapstructure:"published"` // where the published ones are seen again
	Lanes     int    `mapstructure:"lanes"`
}

// Folders hold what people edit, by default beside the settings file.
type Folders struct {
	Mappings  string `mapstructure:"mappings"`
	Platforms string `mapstructure:"platforms"`
	Codes     string `mapstructure:"codes"`
	Holidays  string `mapstructure:"holidays"`
	Units     string `mapstructure:"units"` // a file
}

// Guard holds a read back that shrinks or changes a stream too much, until a person releases it.
type Guard struct {
	ShrinkPercent float64 `mapstructure:"shrink_percent"` // of the stream's records gone
	ChangePercent float64 `mapstructure:"change_percent"` // of the stream's records changed
	Rows          int     `mapstructure:"rows"`           // fewer rows than this never hold a read
}

// Backup is where the scheduled backups of the store go.
type Backup struct {
	Folder string `mapstructure:"folder"` // backups in the data folder by default; another disk is better
	Keep   int    `mapstructure:"keep"`   // the newest so many stay; 0: all
}

// Lists are the credit lists.
type Lists struct {
	// StaleAfter is the age from which a list is too old to say that a subject is clear; at most 24h.
	StaleAfter time.Duration `mapstructure:"stale_after"`
}

// Rules are how a change of what people edit comes into force.
type Rules struct {
	// Confirm: "none", an edited file goes into force by itself; "one", a person confirms; "two", another than the author.
	Confirm string `mapstructure:"confirm"`
}

// Log is the developer's log on standard error.
type Log struct {
	Level  string `mapstructure:"level"`  // debug, info, warn, error
	Format string `mapstructure:"format"` // text, json
}

// Task is one line of the schedule.
type Task struct {
	Job    string `mapstructure:"job"`
	Target string `mapstructure:"target"` // a stream or channel; "*", or nothing: each that has no line of its own
	Cron   string `mapstructure:"cron"`   // five fields, in Asia/Shanghai; "off": never
}

// Values are the platform's variables by name.
func (p Platform) Values() map[string]string {
	m := make(map[string]string, len(p.Variables))
	for _, v := range p.Variables {
		m[v.Name] = v.Value.Text()
	}
	return m
}

// Cron is the schedule of a job and target: its own line, else that of "*"; ok is false if there is none or it is off.
func (s Settings) Cron(job, target string) (spec string, ok bool) {
	for _, wanted := range []string{target, "*"} {
		for _, t := range s.Schedule {
			if t.Job == job && t.Target == wanted {
				return t.Cron, t.Cron != off
			}
		}
	}
	return "", false
}

// off as a cron spec switches a line of the schedule off.
const off = "off"

// defaults are the settings before the file: those that a bureau seldom changes.
func defaults() Settings {
	return Settings{
		Language: "zh", Data: "data", Registry: ".", Listen: "127.0.0.1:8765",
		Platform: Platform{Lanes: 4}, Site: Site{Lanes: 1},
		Folders:  Folders{Mappings: "mappings", Platforms: "platforms", Codes: "codes", Holidays: "holidays", Units: "units.yaml"},
		Guard:    Guard{ShrinkPercent: 5, ChangePercent: 30, Rows: 20},
		Lists:    Lists{StaleAfter: staleLimit},
		Backup:   Backup{Keep: 14},
		Rules:    Rules{Confirm: "none"},
		Log:      Log{Level: "info", Format: "text"},
		Schedule: defaultSchedule(),
	}
}

// defaultSchedule reads registries during office hours, also on Saturdays that a notice makes working days, and leaves
// the heavy reads to the night.
func defaultSchedule() []Task {
	return []Task{
		{"collect", "*", "*/10 7-19 * * *"},
		{"deliver", "*", "* * * * *"},
		{"prove", "*", "*/5 * * * *"},
		{"compare", "*", "10 1 * * *"},
		{"pull", "*", "30 2 * * *"},
		{"pull", "tasks", "5,35 8-18 * * *"},
		{"pull", "drawn_objects", "10,40 8-18 * * *"},
		{"pull", "drawn_inspectors", "15,45 8-18 * * *"},
		{"remind", "*", "30 8 * * *"},
		{"backup", "*", "40 0 * * *"},
	}
}

// staleLimit: an executed person is taken off the list within three working days, so an answer from a list older than a
// day may wrong somebody (法释〔2017〕7号).
const staleLimit = 24 * time.Hour
