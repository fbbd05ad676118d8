package config

import (
	"bytes"
	"cmp"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-viper/mapstructure/v2"
	"github.com/spf13/viper"
)

// Prefix begins the environment variables that override settings: CREDITSYNC_STORE_DSN is store.dsn. Lists (databases,
// variables, schedule) are not overridden.
const Prefix = "CREDITSYNC_"

// Load reads the settings file at path, overrides it from the environment, fills in secrets and checks everything. The
// Settings are of use only when there is no fault.
func Load(path string, env func(string) (string, bool)) (Settings, Faults) {
	b, err := os.ReadFile(path)
	if err != nil {
		return Settings{}, Faults{{What: unreadable, Args: []string{path, reason(err)}, File: path}}
	}
	return Parse(path, b, env)
}

// reason is the system's words without the path, which the sentence has already.
func reason(err error) string {
	if cause := errors.Unwrap(err); cause != nil {
		return cause.Error()
	}
	return err.Error()
}

// Parse is Load of bytes; relative paths are those of a settings file at path.
func Parse(path string, b []byte, env func(string) (string, bool)) (Settings, Faults) {
	doc, faults := openDocument(path, b)
	if faults != nil {
		return Settings{}, faults
	}
	l := &loader{doc: doc, env: env, folder: filepath.Dir(path), from: map[string]string{}}
	s := l.decode()
	l.resolve(&s)
	l.check(&s)
	return s, sorted(l.faults)
}

// A loader gathers the faults of one settings file.
type loader struct {
	doc    *document
	env    func(string) (string, bool)
	folder string
	from   map[string]string // setting -> environment variable that gave it
	tasks  []Task            // the file's own lines of the schedule
	faults Faults
}

// fault reports code at a setting; its path is the first argument of the sentence.
func (l *loader) fault(code, path string, args ...string) {
	f := Fault{What: code, Args: append([]string{path}, args...), Path: path}
	if name := l.from[path]; name != "" {
		f.File = name
	} else {
		f.File = l.doc.file
		f.Line, f.Col = l.doc.locate(path)
	}
	l.faults = append(l.faults, f)
}

// decode runs viper over the file and the environment.
func (l *loader) decode() Settings {
	v := viper.New()
	v.SetConfigType("yaml")
	if err := v.ReadConfig(bytes.NewReader(l.doc.text)); err != nil {
		l.faults = append(l.faults, Fault{What: badSyntax, Args: []string{err.Error()}, File: l.doc.file})
		return defaults()
	}
	l.override(v)
	s := defaults()
	s.Schedule = nil
	err := v.UnmarshalExact(&s, func(c *mapstructure.DecoderConfig) {
		c.WeaklyTypedInput = false
		c.DecodeHook = mapstructure.ComposeDecodeHookFunc(mapstructure.StringToTimeDurationHookFunc(), plainValue)
	})
	l.decodeFaults(err)
	for i := range s.Schedule {
		s.Schedule[i].Target = cmp.Or(s.Schedule[i].Target, "*")
	}
	l.tasks = s.Schedule
	s.Schedule = mergeSchedule(defaultSchedule(), l.tasks)
	return s
}

// plainValue lets a Value be written as a plain text.
func plainValue(from, to reflect.Type, data any) (any, error) {
	if to == reflect.TypeFor[Value]() && from.Kind() == reflect.String {
		return Plain(data.(string)), nil
	}
	return data, nil
}

// override sets what the environment gives for single settings.
func (l *loader) override(v *viper.Viper) {
	for _, k := range scalars(reflect.TypeFor[Settings](), "") {
		name := Prefix + strings.ToUpper(strings.ReplaceAll(k.path, ".", "_"))
		text, ok := l.env(name)
		if !ok {
			continue
		}
		l.from[k.path] = name
		value, err := k.parse(text)
		if err != nil {
			l.fault(wrongType(k.kind), k.path)
			continue
		}
		if k.secret { // an address with a password is all right in the environment
			value = map[string]any{"env": name}
		}
		v.Set(k.path, value)
	}
}

// A scalar is one setting that is neither a list nor a block.
type scalar struct {
	path   string
	kind   reflect.Type
	secret bool
}

// scalars are the single settings of a struct, by path.
func scalars(t reflect.Type, prefix string) []scalar {
	var all []scalar
	for i := range t.NumField() {
		f := t.Field(i)
		path := prefix + f.Tag.Get("mapstructure")
		switch {
		case f.Type == reflect.TypeFor[Value]():
			all = append(all, scalar{path, f.Type, true})
		case f.Type.Kind() == reflect.Struct:
			all = append(all, scalars(f.Type, path+".")...)
		case f.Type.Kind() != reflect.Slice:
			all = append(all, scalar{path, f.Type, false})
		}
	}
	return all
}

// parse gives the environment's text the setting's type.
func (s scalar) parse(text string) (any, error) {
	switch {
	case s.kind == reflect.TypeFor[time.Duration]():
		return time.ParseDuration(text)
	case s.kind.Kind() == reflect.Bool:
		return strconv.ParseBool(text)
	case s.kind.Kind() == reflect.Int:
		return strconv.Atoi(text)
	case s.kind.Kind() == reflect.Float64:
		return strconv.ParseFloat(text, 64)
	default:
		return text, nil
	}
}

// decodeFaults takes the decoder's tree of errors apart.
func (l *loader) decodeFaults(err error) {
	switch e := err.(type) {
	case nil:
	case *mapstructure.DecodeError:
		l.decodeFault(e)
	case interface{ Unwrap() []error }:
		for _, inner := range e.Unwrap() {
			l.decodeFaults(inner)
		}
	case interface{ Unwrap() error }:
		l.decodeFaults(e.Unwrap())
	default:
		l.faults = append(l.faults, Fault{What: badSyntax, Args: []string{err.Error()}, File: l.doc.file})
	}
}

// decodeFault reports one error of the decoder: keys that it does not know, or a value of the wrong type.
func (l *loader) decodeFault(d *mapstructure.DecodeError) {
	keys, unknown := strings.CutPrefix(d.Unwrap().Error(), "has invalid keys: ")
	if !unknown {
		l.fault(wrongType(typeAt(d.Name())), d.Name()) // not the decoder's words: they may repeat a secret
		return
	}
	for _, key := range strings.Split(keys, ", ") {
		path := key
		if d.Name() != "" {
			path = d.Name() + "." + key
		}
		l.fault(unknownSetting, path, nearest(key, keysOf(typeAt(d.Name()))))
	}
}

// wrongType is the code that says what a setting of type t must be.
func wrongType(t reflect.Type) string {
	switch {
	case t == reflect.TypeFor[time.Duration]():
		return notADuration
	case t == reflect.TypeFor[Value]() || t.Kind() == reflect.String:
		return notAText
	case t.Kind() == reflect.Bool:
		return notABool
	case t.Kind() == reflect.Slice:
		return notAList
	case t.Kind() == reflect.Struct:
		return notABlock
	default:
		return notANumber
	}
}

// mergeSchedule lets each line of the file replace the default of the same job and target.
func mergeSchedule(base, own []Task) []Task {
	for _, t := range own {
		i := slices.IndexFunc(base, func(b Task) bool { return b.Job == t.Job && b.Target == t.Target })
		if i < 0 {
			base = append(base, t)
			continue
		}
		base[i] = t
	}
	return base
}
