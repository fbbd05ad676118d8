package platform

import "slices"

// Profile is how a platform's interface works, as an administrator wrote it: the shape of config/platforms/*.yaml. Texts
// may hold placeholders ${NAME}, which New fills in from Options.Variables. Durations are Go durations ("10m"), paths into
// JSON start with "$." in a message and are bare names within one record.
type Profile struct {
	Name  string `yaml:"profile"`
	Title string `yaml:"title,omitempty"`
	Base  string `yaml:"base"`
	// Proxy is the URL of the HTTP proxy to go through. The environment's proxy settings are not used.
	Proxy     string              `yaml:"proxy,omitempty"`
	Sign      *Sign               `yaml:"sign,omitempty"`
	Headers   map[string]string   `yaml:"headers,omitempty"` // sent with every request, as they stand
	Answer    AnswerRule          `yaml:"answer"`
	Limits    LimitRules          `yaml:"limits,omitempty"`
	Resources map[string]Resource `yaml:"resources"`
}

// Sign says how a request is signed: Input is joined, run through Algorithm with Secret, written as Output and placed in
// Headers or Query, whose values name tokens (see tokens).
type Sign struct {
	Algorithm string            `yaml:"algorithm"`
	KeyID     string            `yaml:"key_id,omitempty"`
	Secret    string            `yaml:"secret"`
	Values    map[string]string `yaml:"values,omitempty"` // further tokens of the administrator's own naming
	Input     []string          `yaml:"input"`
	Output    string            `yaml:"output"` // hex, HEX or base64
	Headers   map[string]string `yaml:"headers,omitempty"`
	Query     map[string]string `yaml:"query,omitempty"`
}

// AnswerRule says how to read the envelope of every answer.
type AnswerRule struct {
	OK      Condition `yaml:"ok"`
	Message string    `yaml:"message,omitempty"`
	// Errors sorts the platform's codes into meanings; a code may end in * for any rest, the longest match counts.
	Errors map[string]string `yaml:"errors,omitempty"`
}

// Condition holds if the scalar at At, as text, is one of Is: the number 0 and the text "0" are the same.
type Condition struct {
	At string   `yaml:"at"`
	Is []string `yaml:"is"`
}

// LimitRules are the platform's limits, for all daemons together.
type LimitRules struct {
	Rate        string  `yaml:"rate,omitempty"` // "20/s" or "200/60s"
	InFlight    int     `yaml:"in_flight,omitempty"`
	Daily       int     `yaml:"daily,omitempty"`
	SendTimeout string  `yaml:"send_timeout,omitempty"` // 60s when empty
	Answer      string  `yaml:"answer,omitempty"`       // the largest answer, in bytes or KiB, MiB; 32MiB when empty
	Quiet       []Quiet `yaml:"quiet,omitempty"`
}

// Quiet is a time of day, in Asia/Shanghai, when nothing is sent. It may cross midnight.
type Quiet struct {
	Days string `yaml:"days"` // mon-fri, 周一-周五, sat,sun, daily, 每天
	From string `yaml:"from"`
	To   string `yaml:"to"`
}

// Resource is one kind of thing the platform takes or serves.
type Resource struct {
	Push    *Push             `yaml:"push,omitempty"`
	Receipt *ReceiptRule      `yaml:"receipt,omitempty"`
	Lookup  *Lookup           `yaml:"lookup,omitempty"`
	Pull    *Pull             `yaml:"pull,omitempty"`
	Values  map[string]string `yaml:"values,omitempty"` // override sign.values for this resource
}

// Push is how a batch is sent.
type Push struct {
	Path      string `yaml:"path"`
	Method    string `yaml:"method,omitempty"` // POST when empty
	Rows      string `yaml:"rows"`             // where the records stand in the request
	Max       int    `yaml:"max"`              // most records in one batch
	ID        string `yaml:"id"`
	Operation string `yaml:"operation,omitempty"`
	// Operations are the platform's words for I, U and D, where it has others.
	Operations map[string]string `yaml:"operations,omitempty"`
}

// ReceiptRule is how the answer to a batch tells of each record.
type ReceiptRule struct {
	Rows   string    `yaml:"rows"`
	ID     string    `yaml:"id"`
	Number string    `yaml:"number,omitempty"`
	OK     Condition `yaml:"ok"`
	Why    Why       `yaml:"why,omitempty"`
}

// Why names the parts of a refusal.
type Why struct {
	Code    string `yaml:"code,omitempty"`
	Field   string `yaml:"field,omitempty"`
	Message string `yaml:"message,omitempty"`
}

// Lookup is how records are asked for by id, and what that tells.
type Lookup struct {
	Path   string `yaml:"path"`
	Method string `yaml:"method,omitempty"`
	IDs    string `yaml:"ids"`           // where the ids stand in the request
	Max    int    `yaml:"max,omitempty"` // most ids in one request; as many as a push when 0
	Rows   string `yaml:"rows"`
	By     string `yaml:"by"` // the id within a row of the answer
	// Sees is "accepted" (it only tells what was received) or "published". With "published" and no Published flag, what is
	// found is public; with the flag, the flag decides.
	Sees      string     `yaml:"sees"`
	Published *Condition `yaml:"published,omitempty"`
	// CompleteAfter is by when an accepted record is surely found.
	CompleteAfter string `yaml:"complete_after"`
	// Compare names the fields that must be equal for a record to be this version; empty: every field of the payload.
	Compare []string `yaml:"compare,omitempty"`
	// Adds names the fields the platform adds to what it was sent. With it, and without Compare, a field that the platform
	// still holds and that was not sent any more makes another version; without it, such fields are not looked at.
	Adds             []string `yaml:"adds,omitempty"`
	RepeatIsHarmless bool     `yaml:"repeat_is_harmless,omitempty"`
}

// Pull is how pages are fetched.
type Pull struct {
	Path   string `yaml:"path"`
	Method string `yaml:"method,omitempty"` // GET (parameters in the query) when empty, or POST (in a JSON object)
	Rows   string `yaml:"rows"`
	// Total is where the answer says how many rows there are. Without it, the first short page is the last.
	Total string `yaml:"total,omitempty"`
	Page  Paging `yaml:"page"`
	Since string `yaml:"since,omitempty"` // the parameter of an incremental pull
}

// Paging names the parameters of a page: Number with Size, or Offset with Size.
type Paging struct {
	Number string `yaml:"number,omitempty"`
	Offset string `yaml:"offset,omitempty"`
	Size   string `yaml:"size"`
	First  int    `yaml:"first,omitempty"` // the number of the first page
	Max    int    `yaml:"max"`             // most rows in one page
}

// Variables are the names of the placeholders a profile needs, sorted.
func (p Profile) Variables() []string {
	var names []string
	p.texts(func(_ string, s *string) { names = append(names, placeholders(*s)...) })
	slices.Sort(names)
	return slices.Compact(names)
}
