package store

// idSet is a set of conversations. Their numbers are Chatwoot's and count up from one, so a bit for each is small and quick; those that
// are too high for that are kept one by one.
type idSet struct {
	bits  []uint64
	far   map[int64]struct{}
	count int
}

// farIDs is where numbers begin that get no bit: below it a set has at most eight megabytes.
const farIDs = 1 << 26

func (s *idSet) add(id int64) {
	if id < 0 || id >= farIDs {
		if s.far == nil {
			s.far = map[int64]struct{}{}
		}
		if _, there := s.far[id]; !there {
			s.far[id] = struct{}{}
			s.count++
		}
		return
	}
	at := int(id / 64)
	if at >= len(s.bits) {
		s.bits = append(s.bits, make([]uint64, max(at+1, 2*len(s.bits))-len(s.bits))...)
	}
	if bit := uint64(1) << (id % 64); s.bits[at]&bit == 0 {
		s.bits[at] |= bit
		s.count++
	}
}

// has is true of everything where there is no set.
func (s *idSet) has(id int64) bool {
	if s == nil {
		return true
	}
	if id < 0 || id >= farIDs {
		_, there := s.far[id]
		return there
	}
	at := int(id / 64)
	return at < len(s.bits) && s.bits[at]&(1<<(id%64)) != 0
}
