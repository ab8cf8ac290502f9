package commerce

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"
)

// Version orders what one system says about one part of a record. It is
// (source clock, read-back, sequence, normaliser revision, content hash), fixed
// width, compared bytewise, so that any set of observations has one newest.
//
// The zero Version is older than every other.
type Version [27]byte

// VersionParts are the parts of a Version in order of weight.
type VersionParts struct {
	// Clock is the source's time of the change, or its sequence number as
	// SequenceClock makes it. One system, kind and part uses one of them.
	Clock time.Time
	// ReadBack marks an observation fetched from the platform's API after the
	// tied second, which settles what webhooks of that second left open.
	ReadBack bool
	// Sequence orders changes that share a clock reading. 0 is unknown.
	Sequence uint64
	// Normaliser is the revision of the code that read the delivery.
	Normaliser uint16
}

// ErrVersion is returned for a text or byte string that is not a version.
var ErrVersion = errors.New("commerce: not a version")

// SequenceClock turns a source's own sequence number into a clock reading, for
// sources that number changes and do not date them. Numbers of 2^63 and above
// share the last reading.
func SequenceClock(n uint64) time.Time { return time.Unix(0, int64(min(n, math.MaxInt64))).UTC() }

// Clock readings are nanoseconds in 64 bits, which hold the years 1678 to 2262.
var (
	firstClock = time.Unix(0, math.MinInt64)
	lastClock  = time.Unix(0, math.MaxInt64)
)

// NewVersion builds the version of an observation with the given content. A
// clock reading outside the years 1678 to 2262 becomes the nearest inside: the
// year 1, which some systems write for "never", is older than every change.
func NewVersion(p VersionParts, content [8]byte) Version {
	var v Version
	// Flipping the sign bit makes instants before 1970 sort before later ones.
	binary.BigEndian.PutUint64(v[0:], uint64(within(p.Clock, firstClock, lastClock).UnixNano())^(1<<63))
	if p.ReadBack {
		v[8] = 1
	}
	binary.BigEndian.PutUint64(v[9:], p.Sequence)
	binary.BigEndian.PutUint16(v[17:], p.Normaliser)
	copy(v[19:], content[:])
	return v
}

// Parts returns what the version was built from.
func (v Version) Parts() VersionParts {
	return VersionParts{
		Clock:      time.Unix(0, int64(binary.BigEndian.Uint64(v[0:])^(1<<63))).UTC(),
		ReadBack:   v[8] == 1,
		Sequence:   binary.BigEndian.Uint64(v[9:]),
		Normaliser: binary.BigEndian.Uint16(v[17:]),
	}
}

// Compare orders versions, oldest first.
func (v Version) Compare(w Version) int { return bytes.Compare(v[:], w[:]) }

// IsZero reports whether there is no version.
func (v Version) IsZero() bool { return v == Version{} }

// SameInstant reports whether both carry the same clock reading and read-back
// mark, so that only sequence and content order them.
func (v Version) SameInstant(w Version) bool { return [9]byte(v[:9]) == [9]byte(w[:9]) }

// SameEvent reports whether both come from one numbered change, possibly read
// by different normaliser revisions.
func (v Version) SameEvent(w Version) bool {
	return [17]byte(v[:17]) == [17]byte(w[:17]) && v.Parts().Sequence != 0
}

// SameContent reports whether both were built from equal content.
func (v Version) SameContent(w Version) bool { return [8]byte(v[19:]) == [8]byte(w[19:]) }

// String returns 54 lower-case hexadecimal digits, in the order of Compare.
func (v Version) String() string { return hex.EncodeToString(v[:]) }

// MarshalText writes the version as String does.
func (v Version) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText reads what MarshalText wrote, or returns ErrVersion.
func (v *Version) UnmarshalText(text []byte) error {
	if len(text) != 2*len(v) {
		return fmt.Errorf("%w: %d digits, want %d", ErrVersion, len(text), 2*len(v))
	}
	if _, err := hex.Decode(v[:], text); err != nil {
		return fmt.Errorf("%w: %w", ErrVersion, err)
	}
	return nil
}

// contentHash digests what an observation says, so that equal clocks still have
// one order and equal content is recognised as a duplicate.
func contentHash(o Observation) [8]byte {
	// One buffer and one digest: hashing part by part costs three times as much.
	text := digest(make([]byte, 0, 1024))
	text = text.part("gone=", strconv.FormatBool(o.Gone), ",", o.SucceededBy)
	for _, name := range sortedNames(o.Facets, make([]string, 0, 32)) {
		v := o.Facets[name]
		text = text.part(name).part(v.Type().String(), "=", v.String())
	}
	for _, l := range o.Lines {
		text = text.part(l.SKU).part(l.Location).part(l.Units.String())
	}
	sum := sha256.Sum256(text)
	return [8]byte(sum[:])
}

// sortedNames is Names in the memory of the caller.
func sortedNames(f Facets, names []string) []string {
	for name := range f {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// digest is text in parts, each behind its length, so that no two lists of
// parts make the same text.
type digest []byte

// part adds one part, which is given in pieces.
func (d digest) part(pieces ...string) digest {
	length := 0
	for _, p := range pieces {
		length += len(p)
	}
	d = binary.BigEndian.AppendUint32(d, uint32(length))
	for _, p := range pieces {
		d = append(d, p...)
	}
	return d
}
