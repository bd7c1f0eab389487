package kanban

import "strings"

// sieve tells at a glance that a word does not begin any of a text's words, most of the time: of the others the text itself is asked. It
// is a Bloom filter of how the words begin. Of thirty words it lets one in fifty through that is not there. Of single letters it is sure.
type sieve struct {
	marks    [4]uint64
	initials uint64 // a to z and 0 to 9
}

// The lengths of the beginnings that leave a mark, in bytes.
const shortestMark, longestMark = 2, 5

// sieveOf is the sieve of words, each after a space.
func sieveOf(words string) sieve {
	var s sieve
	for word := range strings.FieldsSeq(words) {
		hash := uint64(14695981039346656037) // FNV-1a
		for i := range min(len(word), longestMark) {
			hash = (hash ^ uint64(word[i])) * 1099511628211
			if i+1 >= shortestMark {
				bit := hash >> 56
				s.marks[bit/64] |= 1 << (bit % 64)
			}
		}
		s.initials |= initial(word[0])
	}
	return s
}

// initial is the mark of a letter; 0 for what is neither a small letter nor a digit.
func initial(c byte) uint64 {
	switch {
	case c >= 'a' && c <= 'z':
		return 1 << (c - 'a')
	case c >= '0' && c <= '9':
		return 1 << (c - '0' + 32)
	}
	return 0
}

// lets reports whether everything that left a mark in another sieve may be in this one, too.
func (s *sieve) lets(o *sieve) bool {
	m, n := &s.marks, &o.marks
	return s.initials&o.initials == o.initials && m[0]&n[0] == n[0] && m[1]&n[1] == n[1] && m[2]&n[2] == n[2] && m[3]&n[3] == n[3]
}

// beginsIn reports whether a word, with the space before it, is in a text. The letters are looked for, since spaces are everywhere; a few
// letters are, too.
func beginsIn(text, word string) bool {
	if len(word) <= shortestMark {
		return strings.Contains(text, word)
	}
	for letters := word[1:]; ; {
		i := strings.Index(text, letters)
		if i < 0 {
			return false
		}
		if i > 0 && text[i-1] == ' ' {
			return true
		}
		text = text[i+1:]
	}
}
