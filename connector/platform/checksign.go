package platform

import (
	"slices"
	"strconv"
	"strings"
)

// signature checks the sign section and makes it ready; a profile without one signs nothing.
func (c *checker) signature(s *Sign) *signer {
	if s == nil {
		return nil
	}
	const path = "$.sign"
	out := &signer{keyID: s.KeyID, secret: s.Secret}
	if c.given(path+".algorithm", s.Algorithm) && c.oneOf(path+".algorithm", s.Algorithm, sorted(algorithms())...) {
		out.algorithm = algorithms()[s.Algorithm]
		c.secretUsed(path, s, out.algorithm.keyed)
	}
	if c.given(path+".output", s.Output) && c.oneOf(path+".output", s.Output, "hex", "HEX", "base64") {
		out.output = outputs()[s.Output]
	}
	c.secretOutside(path+".secret", s.Secret)
	if len(s.Input) == 0 {
		c.fault(path+".input", faultMissing)
	}
	for i, token := range s.Input {
		out.input = append(out.input, c.inputPart(path+".input["+strconv.Itoa(i)+"]", token, s))
	}
	out.headers = c.placed(path+".headers", s.Headers, s)
	out.query = c.placed(path+".query", s.Query, s)
	if !carries(s.Headers, "signature") && !carries(s.Query, "signature") {
		c.fault(path+".headers", faultUnplaced)
	}
	return out
}

// secretOutside refuses a secret that stands in the file itself: only a placeholder may stand there.
func (c *checker) secretOutside(path, secret string) {
	if !c.given(path, secret) {
		return
	}
	if names := placeholders(secret); len(names) != 1 || secret != "${"+names[0]+"}" {
		c.fault(path, faultSecretInFile)
	}
}

func (c *checker) secretUsed(path string, s *Sign, keyed bool) {
	if !keyed && !slices.Contains(s.Input, "secret") {
		c.fault(path+".input", faultSecretUnused)
	}
}

func (c *checker) inputPart(path, token string, s *Sign) part {
	if token == "signature" {
		c.fault(path, faultSelfSigned)
	}
	return c.part(path, token, s)
}

func (c *checker) part(path, token string, s *Sign) part {
	p, ok := parsePart(token, s.Values)
	if !ok {
		c.fault(path, faultToken, token, strings.Join(append(sorted(tokens()), sorted(s.Values)...), "、"))
	}
	return p
}

// placed checks what goes into headers or query: everything but the secret itself.
func (c *checker) placed(path string, m map[string]string, s *Sign) map[string]part {
	out := map[string]part{}
	for _, name := range sorted(m) {
		at := path + "." + name
		if m[name] == "secret" || m[name] == "body" {
			c.fault(at, faultSecretExposed)
			continue
		}
		out[name] = c.part(at, m[name], s)
	}
	return out
}

func carries(m map[string]string, token string) bool {
	for _, v := range m {
		if v == token {
			return true
		}
	}
	return false
}
