package shape

import (
	"maps"
	"slices"
	"strings"
)

const (
	// enough is how many deliveries of a topic are looked at before one of them
	// can be news.
	enough = 30
	// odd is in how many deliveries one after the other a field must be of another
	// type, or be missing, before that is a change and no exception; usual is in
	// how many it must be as before until the change is over.
	odd, usual = 10, 5
	// maxUnread bounds how many unread paths are told apart.
	maxUnread = 1000
)

// Known is what is known of one topic of one system. The zero Known knows
// nothing. It holds no values.
type Known struct {
	// Deliveries counts those that were looked at, up to enough.
	Deliveries int
	// Fields are the paths that are read.
	Fields map[string]Field
	// Unread are hashes of the paths that nobody reads.
	Unread map[uint32]bool `json:",omitempty"`
}

// Field is what is known of a path that is read.
type Field struct {
	// Types were usual when enough was known.
	Types Types
	// Always reports that every delivery so far with its parent had it.
	Always bool
	// Other are types that are not usual, and Odd counts the last deliveries, up to
	// odd, in which it had one of them or was missing. Usual counts those as before
	// since it changed.
	Other Types `json:",omitempty"`
	Odd   int   `json:",omitempty"`
	Usual int   `json:",omitempty"`
}

// Difference is a field that is read and is not what it was.
type Difference struct {
	Path string
	// Was are the usual types, Is the others; 0 is a field that is not sent.
	Was, Is Types
}

// String says it in words.
func (d Difference) String() string {
	if d.Is == 0 {
		return d.Path + " is not sent any more, it was " + d.Was.String()
	}
	return d.Path + " is " + d.Is.String() + ", it was " + d.Was.String()
}

// See looks at one more delivery of the topic. Read are the paths that are read
// of it and the types that the reader knows. It returns what is known then, and
// whether that is worth storing. Known is not modified.
func (k Known) See(read, s Shape) (Known, bool) {
	next := k
	next.Fields = map[string]Field{}
	learning := k.Deliveries < enough
	if learning {
		next.Deliveries++
	}
	changed := learning || len(k.Fields) != len(read)
	for path, types := range read {
		f := k.Fields[path]
		if path == "" || s[Parent(path)]&(Object|List) != 0 {
			// Where there is no parent, nothing is missing.
			f = f.see(s[path], types, learning, strings.HasSuffix(path, "[]"))
		}
		next.Fields[path] = f
		changed = changed || f != k.Fields[path]
	}
	fresh := next.count(read, s)
	return next, changed || fresh
}

// see is the field after a delivery in which it has the types, none when it is
// missing. The reader knows some types. An element of a list may always miss.
func (f Field) see(is, reads Types, learning, element bool) Field {
	if f.Types == 0 {
		f.Types, f.Always = reads, learning
	}
	if learning || f.Types|reads == Null {
		// A field that was always null says nothing of its type.
		f.Types |= is
		f.Always = f.Always && is != 0 && !element
		return f
	}
	other := is &^ (f.Types | reads)
	isOdd := other != 0 || is == 0 && f.Always
	switch {
	case isOdd:
		f.Odd, f.Usual, f.Other = min(f.Odd+1, odd), 0, f.Other|other
	case f.Odd < odd:
		f.Odd, f.Other = 0, 0
	default:
		if f.Usual++; f.Usual >= usual {
			f.Odd, f.Usual, f.Other = 0, 0, 0
		}
	}
	return f
}

// count notes paths that nobody reads, and reports whether some are new.
func (k *Known) count(read, s Shape) bool {
	fresh := false
	for path := range s {
		if _, isRead := read[path]; isRead {
			continue
		}
		h := hash(path)
		if k.Unread[h] || len(k.Unread) >= maxUnread {
			continue
		}
		if !fresh {
			k.Unread, fresh = maps.Clone(k.Unread), true
		}
		if k.Unread == nil {
			k.Unread = map[uint32]bool{}
		}
		k.Unread[h] = true
	}
	return fresh
}

// Differences lists what is not as it was, by path.
func (k Known) Differences() []Difference {
	var all []Difference
	for path, f := range k.Fields {
		if f.Odd >= odd {
			all = append(all, Difference{path, f.Types, f.Other})
		}
	}
	slices.SortFunc(all, func(a, b Difference) int { return strings.Compare(a.Path, b.Path) })
	return all
}
