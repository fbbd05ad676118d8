package platform

import (
	"bytes"
	"errors"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// shape says which scalars of a message are wanted, and where its rows stand. Reading by a shape builds no maps: what is
// not wanted is skipped.
type shape struct {
	root  branch
	slots int // scalars of the envelope
	row   *rowShape
}

// rowShape says which scalars of one row are wanted.
type rowShape struct {
	root  branch
	slots int
}

// branch is one name on the way to what is wanted.
type branch struct {
	quoted   []byte // the name as it stands in JSON: "code"
	slot     int    // from 1; 0 wants nothing here
	rows     bool
	children []*branch
}

// noSlot is the slot of a scalar that the profile does not name.
const noSlot = -1

func (b *branch) follow(p place) *branch {
	for _, name := range p {
		b = b.child(name)
	}
	return b
}

func (b *branch) child(name string) *branch {
	quoted, _ := jsontext.AppendQuote(nil, name)
	for _, c := range b.children {
		if bytes.Equal(c.quoted, quoted) {
			return c
		}
	}
	c := &branch{quoted: quoted}
	b.children = append(b.children, c)
	return c
}

// want adds a scalar and returns its index in the fields read.
func (s *shape) want(p place) int { return want(&s.root, &s.slots, p) }

func (s *rowShape) want(p place) int { return want(&s.root, &s.slots, p) }

func want(root *branch, slots *int, p place) int {
	if p == nil {
		return noSlot
	}
	b := root.follow(p)
	if b.slot == 0 {
		*slots++
		b.slot = *slots
	}
	return b.slot - 1
}

// field is one value as it stands in a message; the zero value is an absent one.
type field struct{ raw jsontext.Value }

func (f field) absent() bool { return len(f.raw) == 0 || f.raw.Kind() == 'n' }

// text is a scalar as text: numbers and booleans as written, null and absent as "". An object or a list is its JSON.
func (f field) text() []byte {
	if f.absent() {
		return nil
	}
	if f.raw[0] != '"' {
		return f.raw
	}
	inner := f.raw[1 : len(f.raw)-1]
	if bytes.IndexByte(inner, '\\') < 0 {
		return inner
	}
	unquoted, _ := jsontext.AppendUnquote(nil, f.raw)
	return unquoted
}

func (f field) String() string { return string(f.text()) }

// scalar says whether the value is a text, a number or a boolean.
func (f field) scalar() bool {
	return !f.absent() && f.raw[0] != '{' && f.raw[0] != '['
}

// reading is one message while it is read.
type reading struct {
	shape    *shape
	body     []byte
	dec      *jsontext.Decoder
	envelope []field
	row      []field
	sawRows  bool
	badRows  bool // something else than a list of objects stands where the rows should be
	// each gets every row, as it stands and by its fields, which are reused. Nil: rows are skipped.
	each func(raw []byte, row []field)
}

// read goes through a message once. A syntax error of JSON, or what follows after the first value, is returned as it is.
func (s *shape) read(body []byte, each func(raw []byte, row []field)) (*reading, error) {
	r := &reading{shape: s, body: body, envelope: make([]field, s.slots), each: each}
	if s.row != nil {
		r.row = make([]field, s.row.slots)
	}
	r.dec = jsontext.NewDecoder(bytes.NewBuffer(body))
	if err := r.value(&s.root, r.envelope); err != nil {
		return r, err
	}
	if _, err := r.dec.ReadToken(); !errors.Is(err, io.EOF) {
		return r, errors.Join(errors.New("more than one JSON value"), err)
	}
	return r, nil
}

func (r *reading) value(b *branch, fields []field) error {
	kind := r.dec.PeekKind()
	switch {
	case b.rows && kind == '[':
		return r.rows()
	case b.rows && kind != 'n' && kind != 0:
		r.badRows = true
		return r.dec.SkipValue()
	case len(b.children) > 0 && kind == '{':
		return r.object(b, fields)
	case b.slot > 0:
		return r.scalar(&fields[b.slot-1])
	}
	return r.dec.SkipValue()
}

// scalar keeps a value as a part of the body: what the decoder returns is valid only until its next call.
func (r *reading) scalar(f *field) error {
	v, err := r.dec.ReadValue()
	if err != nil {
		return err
	}
	end := int(r.dec.InputOffset())
	f.raw = r.body[end-len(v) : end : end]
	return nil
}

func (r *reading) object(b *branch, fields []field) error {
	if _, err := r.dec.ReadToken(); err != nil {
		return err
	}
	for r.dec.PeekKind() != '}' {
		name, err := r.dec.ReadValue()
		if err != nil {
			return err
		}
		if c := b.named(name); c != nil {
			err = r.value(c, fields)
		} else {
			err = r.dec.SkipValue()
		}
		if err != nil {
			return err
		}
	}
	_, err := r.dec.ReadToken()
	return err
}

func (b *branch) named(quoted jsontext.Value) *branch {
	for _, c := range b.children {
		if bytes.Equal(c.quoted, quoted) {
			return c
		}
	}
	if bytes.IndexByte(quoted, '\\') < 0 {
		return nil
	}
	if plain, err := jsontext.AppendUnquote(nil, quoted); err == nil {
		requoted, _ := jsontext.AppendQuote(nil, plain)
		if bytes.IndexByte(requoted, '\\') < 0 {
			return b.named(requoted)
		}
	}
	return nil
}

func (r *reading) rows() error {
	r.sawRows = true
	if r.each == nil || r.shape.row == nil {
		return r.dec.SkipValue()
	}
	if _, err := r.dec.ReadToken(); err != nil {
		return err
	}
	for r.dec.PeekKind() != ']' {
		if err := r.oneRow(); err != nil {
			return err
		}
	}
	_, err := r.dec.ReadToken()
	return err
}

func (r *reading) oneRow() error {
	if r.dec.PeekKind() != '{' {
		r.badRows = true
		return r.dec.SkipValue()
	}
	if len(r.shape.row.root.children) == 0 {
		var whole field
		if err := r.scalar(&whole); err != nil {
			return err
		}
		r.each(whole.raw, nil)
		return nil
	}
	start := r.dec.InputOffset()
	clear(r.row)
	if err := r.object(&r.shape.row.root, r.row); err != nil {
		return err
	}
	raw := bytes.TrimLeft(r.body[start:r.dec.InputOffset()], ", \t\r\n")
	r.each(raw[:len(raw):len(raw)], r.row)
	return nil
}
