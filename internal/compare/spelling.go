package compare

import (
	"cmp"
	"slices"
	"strings"
)

// KeySeparator stands between the parts of a key in Rows.Key. No part holds it.
const KeySeparator = "\x00"

// respelt puts records together whose keys are the same but for their spelling:
// one on each side, which nothing else has in common. The rest stays as it is.
func (s *scholar) respelt(pairs []pair) []pair {
	folded := map[string][2][]int{} // places of what lacks its other side
	for i, p := range pairs {
		if side, ok := p.alone(); ok {
			at := folded[foldKey(p.key())]
			at[side] = append(at[side], i)
			folded[foldKey(p.key())] = at
		}
	}
	gone := map[int]bool{}
	for _, at := range folded {
		if len(at[Left]) != 1 || len(at[Right]) != 1 {
			continue
		}
		l, r := &pairs[at[Left][0]], pairs[at[Right][0]]
		s.renamed[keysAlike(l.key(), r.key())]++
		l.rows[Right] = r.rows[Right]
		l.status = unequal
		gone[at[Right][0]] = true
	}
	if len(gone) == 0 {
		return pairs
	}
	kept := make([]pair, 0, len(pairs)-len(gone))
	for i, p := range pairs {
		if !gone[i] {
			kept = append(kept, p)
		}
	}
	return kept
}

// alone returns the side that alone has the record, once.
func (p pair) alone() (Side, bool) {
	switch p.status {
	case lacksRight:
		return Left, true
	case lacksLeft:
		return Right, true
	default:
		return 0, false
	}
}

func foldKey(key string) string {
	parts := strings.Split(key, KeySeparator)
	for i, p := range parts {
		parts[i] = foldText(p)
	}
	return strings.Join(parts, KeySeparator)
}

// keysAlike says how two keys are spelt differently.
func keysAlike(a, b string) string {
	as, bs := strings.Split(a, KeySeparator), strings.Split(b, KeySeparator)
	var hows []string
	for i := range min(len(as), len(bs)) {
		if as[i] != bs[i] {
			hows = append(hows, alike(as[i], bs[i]))
		}
	}
	slices.SortFunc(hows, cmp.Compare[string])
	return strings.Join(slices.Compact(hows), " and ")
}
