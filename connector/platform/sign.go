package platform

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"hash"
	"io"
	"strconv"
	"strings"
	"time"
)

// algorithms is the table of signature algorithms: one line adds one. A keyed one gets the secret as its key; with a
// plain one the profile puts the secret into the input.
func algorithms() map[string]algorithm {
	return map[string]algorithm{
		"hmac-sha256": {keyed: true, sum: keyed(sha256.New)},
		"hmac-sha512": {keyed: true, sum: keyed(sha512.New)},
		"hmac-sha1":   {keyed: true, sum: keyed(sha1.New)},
		"hmac-md5":    {keyed: true, sum: keyed(md5.New)},
		"sha256":      {sum: plain(sha256.New)},
		"sha512":      {sum: plain(sha512.New)},
		"sha1":        {sum: plain(sha1.New)},
		"md5":         {sum: plain(md5.New)},
	}
}

type algorithm struct {
	keyed bool
	sum   func(secret []byte, write func(io.Writer)) []byte
}

func keyed(h func() hash.Hash) func([]byte, func(io.Writer)) []byte {
	return func(secret []byte, write func(io.Writer)) []byte {
		m := hmac.New(h, secret)
		write(m)
		return m.Sum(nil)
	}
}

func plain(h func() hash.Hash) func([]byte, func(io.Writer)) []byte {
	return func(_ []byte, write func(io.Writer)) []byte {
		d := h()
		write(d)
		return d.Sum(nil)
	}
}

// outputs are the ways of writing a signature as text.
func outputs() map[string]func([]byte) string {
	return map[string]func([]byte) string{
		"hex":    hex.EncodeToString,
		"HEX":    func(b []byte) string { return strings.ToUpper(hex.EncodeToString(b)) },
		"base64": base64.StdEncoding.EncodeToString,
	}
}

// tokens are the parts of a message that a signature may be made from, or that a header may carry.
func tokens() map[string]func(m *message) string {
	return map[string]func(m *message) string{
		"key_id":      func(m *message) string { return m.signer.keyID },
		"secret":      func(m *message) string { return m.signer.secret },
		"time_ms":     func(m *message) string { return strconv.FormatInt(m.at.UnixMilli(), 10) },
		"time_s":      func(m *message) string { return strconv.FormatInt(m.at.Unix(), 10) },
		"nonce":       func(m *message) string { return m.nonce },
		"method":      func(m *message) string { return m.method },
		"path":        func(m *message) string { return m.path },
		"body":        func(m *message) string { return string(m.body) },
		"body_sha256": (*message).bodySHA256,
		"signature":   (*message).signature,
	}
}

// message is one request while it is being signed. Path is what the platform sees, with the query that is not part of
// the signature itself.
type message struct {
	signer       *signer
	method, path string
	body         []byte
	at           time.Time
	nonce        string
	values       map[string]string // the resource's own
	signed       string
}

func (m *message) bodySHA256() string {
	sum := sha256.Sum256(m.body)
	return hex.EncodeToString(sum[:])
}

func (m *message) signature() string {
	if m.signed == "" {
		sum := m.signer.algorithm.sum([]byte(m.signer.secret), func(w io.Writer) {
			for _, part := range m.signer.input {
				io.WriteString(w, part(m))
			}
		})
		m.signed = m.signer.output(sum)
	}
	return m.signed
}

// part gives one piece of text of a message.
type part func(m *message) string

type signer struct {
	keyID, secret string
	algorithm     algorithm
	output        func([]byte) string
	input         []part
	headers       map[string]part
	query         map[string]part
}

// parsePart reads one token, one of the profile's own values, or literal text: what looks like a name must be known, and
// literal text of that look stands in single quotes.
func parsePart(s string, values map[string]string) (part, bool) {
	if f, ok := tokens()[s]; ok {
		return f, true
	}
	if v, ok := values[s]; ok {
		return func(m *message) string {
			if own, ok := m.values[s]; ok {
				return own
			}
			return v
		}, true
	}
	if looksLikeName(s) {
		return nil, false
	}
	if len(s) >= 2 && s[0] == '\'' && s[len(s)-1] == '\'' {
		s = s[1 : len(s)-1]
	}
	return func(*message) string { return s }, true
}

func looksLikeName(s string) bool {
	for i, r := range s {
		letter := r == '_' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return s != ""
}
