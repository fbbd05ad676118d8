package config

import "log/slog"

// hidden stands wherever a secret would be printed.
const hidden = "******"

// Value is a text of the settings that may be a secret: written plainly, or taken from the environment ({env: NAME}) or
// from a file of its own ({file: PATH}). However it is printed, a secret one shows as ******.
type Value struct {
	Env  string `mapstructure:"env"`
	File string `mapstructure:"file"`
	text string
}

// Plain is a value that is no secret.
func Plain(text string) Value { return Value{text: text} }

// Text is the value itself. It must not be printed.
func (v Value) Text() string { return v.text }

// Secret says whether the value came from the environment or a file.
func (v Value) Secret() bool { return v.Env != "" || v.File != "" }

// String is the value as it may be printed.
func (v Value) String() string {
	if v.Secret() {
		return hidden
	}
	return hidePassword(v.text)
}

// GoString keeps %#v from printing a secret.
func (v Value) GoString() string { return v.String() }

// MarshalText keeps encoders from printing a secret.
func (v Value) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// LogValue keeps a logger from printing a secret.
func (v Value) LogValue() slog.Value { return slog.StringValue(v.String()) }
