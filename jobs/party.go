package jobs

import (
	"strings"

	"creditsync/mapping/screening"

	"github.com/cespare/xxhash/v2"
)

// listedParty is whom an entry of a credit list names, by the fields of mapping/schema.
func listedParty(known map[string]string) screening.Party {
	return screening.Party{CreditCode: known["uniscid"], Organisation: known["org_code"], Registration: known["regno"],
		Name: known["entname"], Person: natural(known["subject_kind"])}
}

// natural tells a natural person by what the lists write (失信被执行人: 被执行人性质).
func natural(kind string) bool { return strings.Contains(kind, "自然人") }

// marksOf are the hashes of a party's keys, by which the store finds entries.
func marksOf(m *screening.Marks) []int64 {
	keys := m.Keys()
	marks := make([]int64, len(keys))
	var buf []byte
	for i, k := range keys {
		buf = append(append(append(buf[:0], k.Kind...), 0x1f), k.Value...)
		marks[i] = int64(xxhash.Sum64(buf))
	}
	return marks
}
