package jobs

import "hash/maphash"

// bitset remembers which ordinals of a stream a read has seen: one bit a record.
type bitset []uint64

func (b *bitset) set(ordinal int64) {
	word := int(ordinal >> 6)
	for word >= len(*b) {
		*b = append(*b, make([]uint64, max(64, len(*b)/2))...)
	}
	(*b)[word] |= 1 << (ordinal & 63)
}

func (b bitset) has(ordinal int64) bool {
	word := int(ordinal >> 6)
	return word < len(b) && b[word]&(1<<(ordinal&63)) != 0
}

// sieve is a Bloom filter over the keys of a first load, where nothing is known yet and looking every key up would be
// for nothing: a key it has not seen is new for certain; one it may have seen is looked up. Four to eight bytes a row, sized at the
// start and never grown: with more rows than expected it only asks more often.
type sieve struct {
	seed maphash.Seed
	bits []uint64
	mask uint64
}

func newSieve(rows int64) *sieve {
	words := 1 << 10
	for int64(words)*2 < rows && words < 1<<25 {
		words <<= 1
	}
	return &sieve{seed: maphash.MakeSeed(), bits: make([]uint64, words), mask: uint64(words)*64 - 1}
}

// add notes the key and says whether it may have been there before.
func (s *sieve) add(key string) bool {
	h := maphash.String(s.seed, key)
	step := h>>32 | 1
	before := true
	for range 6 {
		bit := h & s.mask
		if s.bits[bit>>6]&(1<<(bit&63)) == 0 {
			before = false
			s.bits[bit>>6] |= 1 << (bit & 63)
		}
		h += step
	}
	return before
}
