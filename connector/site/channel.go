package site

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"time"

	"creditsync/connector"
)

// The codes of this room's reasons. The first argument is always the path.
const (
	OutboxFailed    = "site.outbox_failed"    // path: the package could not be written; nothing was published
	BadNumber       = "site.bad_number"       // outbox, number: the delivery's number cannot be a folder's name
	BadPayload      = "site.bad_payload"      // outbox, number: a record is no JSON object
	PackageDiffers  = "site.package_differs"  // path: a package of this number with other content is there
	PublishedFailed = "site.published_failed" // path: the published folder cannot be read, so that absence proves nothing
	Stopped         = "site.stopped"          // outbox: the time to send was over before the package was complete
)

// Options are the channel's folders and words.
type Options struct {
	Outbox    string // where packages are laid down
	Published string // where they stand once the web site shows them; empty: nothing can be looked up
	Agency    string // who publishes, for the page: 宝丰县自然资源局
	Basis     string // the legal basis, for the page
	// Describe gives the words of a resource's fields, from the mapping in force. What it leaves out is shown under the
	// field's own name. Nil: everything is.
	Describe func(resource string) []Column
	// CompleteAfter is by when a package taken from the outbox surely stands in the published folder; 24 h when 0.
	CompleteAfter time.Duration
	MaxRows       int // most records in one package; 200 when 0
	Now           func() time.Time
}

// Column is how one field of a payload is shown.
type Column struct {
	Field, Label string
	Heading      bool              // its value heads the record: the object's name
	Hidden       bool              // not on the page; it stays in data.json
	Codes        map[string]string // names of coded values
	Columns      []Column          // of the rows of a list
}

// Channel is a connector.Channel.
type Channel struct{ o Options }

var _ connector.Channel = (*Channel)(nil)

// New makes the channel and its outbox folder. The published folder is not made: one that is missing is a network drive
// that is not there.
func New(o Options) (*Channel, error) {
	if o.Outbox == "" || o.Now == nil {
		return nil, errors.New("site: Options.Outbox and Options.Now are required")
	}
	o.CompleteAfter = cmp.Or(o.CompleteAfter, 24*time.Hour)
	o.MaxRows = cmp.Or(o.MaxRows, 200)
	if o.Describe == nil {
		o.Describe = func(string) []Column { return nil }
	}
	if err := os.MkdirAll(o.Outbox, 0o755); err != nil {
		return nil, &connector.Reason{What: OutboxFailed, Args: []string{o.Outbox}, Sent: connector.NotSent, Retry: true, Place: o.Outbox, Err: err}
	}
	return &Channel{o}, nil
}

// Resource says that every resource can be published here, and that repeating a package is harmless.
func (c *Channel) Resource(string) (connector.Resource, bool) {
	return connector.Resource{
		MaxRows: c.o.MaxRows, CanLook: c.o.Published != "", LookRows: 5000, Complete: c.o.CompleteAfter,
		RepeatIsHarmless: true, SendTimeout: time.Minute,
	}, true
}

// Limits: one package at a time.
func (c *Channel) Limits() connector.Limits { return connector.Limits{InFlight: 1} }

// Push lays one package down in the outbox. A package of the same number with the same records, there or already
// published, is left as it is and answered again; one with other records is never overwritten.
func (c *Channel) Push(ctx context.Context, b connector.Batch) (connector.Answer, error) {
	if !usableName(b.Number) {
		return connector.Answer{}, c.refused(BadNumber, c.o.Outbox, nil, b.Number)
	}
	data, err := encode(b)
	if err != nil {
		return connector.Answer{}, c.refused(BadPayload, c.o.Outbox, err, b.Number)
	}
	there, err := c.alreadyThere(b.Number, data)
	if err != nil {
		return connector.Answer{}, err
	}
	if !there {
		if err := c.lay(ctx, b, data); err != nil {
			return connector.Answer{}, err
		}
	}
	return c.answer(b), nil
}

func (c *Channel) answer(b connector.Batch) connector.Answer {
	a := connector.Answer{At: c.o.Now(), Receipts: make([]connector.Receipt, len(b.Records))}
	for i, r := range b.Records {
		a.Receipts[i] = connector.Receipt{ID: r.ID, OK: true, Number: b.Number}
	}
	return a
}

// alreadyThere says whether an intact package of this number with these records stands in either folder.
func (c *Channel) alreadyThere(number string, data []byte) (bool, error) {
	for _, folder := range []string{c.o.Published, c.o.Outbox} {
		if folder == "" {
			continue
		}
		p, err := openPackage(join(folder, number))
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return false, c.refused(OutboxFailed, join(folder, number), err)
		case !p.holds(data):
			return false, c.refused(PackageDiffers, join(folder, number), nil)
		case p.intact():
			return true, nil
		}
	}
	return false, nil
}

// refused is a reason of our own making: nothing was laid down.
func (c *Channel) refused(what, place string, err error, args ...string) *connector.Reason {
	return &connector.Reason{What: what, Args: append([]string{place}, args...), Sent: connector.NotSent,
		Retry: what == OutboxFailed || what == Stopped || what == PublishedFailed, Place: place, Err: err}
}
