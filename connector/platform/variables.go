package platform

import (
	"maps"
	"regexp"
	"strings"

	"creditsync/mapping"
)

// placeholder is how a name stands in a profile's text.
const placeholder = `\$\{([^{}]*)\}`

func placeholders(s string) []string {
	if !strings.Contains(s, "${") {
		return nil
	}
	var names []string
	for _, m := range regexp.MustCompile(placeholder).FindAllStringSubmatch(s, -1) {
		names = append(names, m[1])
	}
	return names
}

// texts visits every text of the profile in which a placeholder may stand, with its path.
func (p *Profile) texts(visit func(path string, s *string)) {
	visit("$.base", &p.Base)
	visit("$.proxy", &p.Proxy)
	visitMap("$.headers", p.Headers, visit)
	if p.Sign != nil {
		visit("$.sign.key_id", &p.Sign.KeyID)
		visit("$.sign.secret", &p.Sign.Secret)
		visitMap("$.sign.values", p.Sign.Values, visit)
	}
	for name, r := range p.Resources {
		visitMap("$.resources."+name+".values", r.Values, visit)
	}
}

func visitMap(path string, m map[string]string, visit func(string, *string)) {
	for k, v := range m {
		visit(path+"."+k, &v)
		m[k] = v
	}
}

// filled is a copy of the profile with its placeholders replaced; every name without a value is a fault.
func (p Profile) filled(values map[string]string) (Profile, mapping.Faults) {
	p = p.cloned()
	var faults mapping.Faults
	pattern := regexp.MustCompile(placeholder)
	p.texts(func(path string, s *string) {
		*s = pattern.ReplaceAllStringFunc(*s, func(m string) string {
			name := m[2 : len(m)-1]
			if values[name] == "" {
				faults = append(faults, mapping.Fault{What: faultVariable, Args: []string{name, p.Name}, Field: path})
			}
			return values[name]
		})
	})
	return p, faults
}

func (p Profile) cloned() Profile {
	p.Headers = maps.Clone(p.Headers)
	if p.Sign != nil {
		s := *p.Sign
		s.Values = maps.Clone(s.Values)
		p.Sign = &s
	}
	p.Resources = maps.Clone(p.Resources)
	for name, r := range p.Resources {
		r.Values = maps.Clone(r.Values)
		p.Resources[name] = r
	}
	return p
}
