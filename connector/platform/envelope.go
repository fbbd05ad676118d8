package platform

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"creditsync/connector"
)

// frame is the JSON around a list: {"data":{"records":[ and ]}}.
type frame struct{ open, close []byte }

func newFrame(p place) frame {
	var f frame
	for _, name := range p {
		f.open = append(f.open, '{')
		f.open, _ = jsontext.AppendQuote(f.open, name)
		f.open = append(f.open, ':')
	}
	f.open = append(f.open, '[')
	f.close = []byte("]" + strings.Repeat("}", len(p)))
	return f
}

// envelope is the body of a push: each payload as it stands, with id and operation put in front of its fields.
func (p *pushPlan) envelope(records []connector.Outgoing) ([]byte, error) {
	size := len(p.frame.open) + len(p.frame.close)
	for _, r := range records {
		size += len(r.Payload) + len(r.ID) + len(p.id) + len(p.operation) + 32
	}
	body := append(make([]byte, 0, size), p.frame.open...)
	for i, r := range records {
		if i > 0 {
			body = append(body, ',')
		}
		var err error
		if body, err = p.record(body, r); err != nil {
			return nil, err
		}
	}
	return append(body, p.frame.close...), nil
}

func (p *pushPlan) record(body []byte, r connector.Outgoing) ([]byte, error) {
	payload := bytes.TrimSpace(r.Payload)
	if len(payload) < 2 || payload[0] != '{' || payload[len(payload)-1] != '}' {
		return nil, fmt.Errorf("the payload of %q is no JSON object", r.ID)
	}
	body, err := appendMember(append(body, '{'), p.id, r.ID)
	if err == nil && p.operation != "" {
		body, err = appendMember(append(body, ','), p.operation, p.words[r.Op])
	}
	if err != nil {
		return nil, fmt.Errorf("the id %q cannot be written as JSON: %w", r.ID, err)
	}
	fields := bytes.TrimLeft(payload[1:], " \t\r\n")
	if fields[0] != '}' {
		body = append(body, ',')
	}
	return append(body, fields...), nil
}

func appendMember(body []byte, name, value string) ([]byte, error) {
	body, err := jsontext.AppendQuote(body, name)
	if err != nil {
		return nil, err
	}
	return jsontext.AppendQuote(append(body, ':'), value)
}

// ids is the body of a look-up.
func (f frame) ids(records []connector.Outgoing) ([]byte, error) {
	body := append([]byte(nil), f.open...)
	for i, r := range records {
		if i > 0 {
			body = append(body, ',')
		}
		var err error
		if body, err = jsontext.AppendQuote(body, r.ID); err != nil {
			return nil, fmt.Errorf("the id %q cannot be written as JSON: %w", r.ID, err)
		}
	}
	return append(body, f.close...), nil
}
