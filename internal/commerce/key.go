package commerce

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Key identifies a record among all records of its kind, in every system. Its
// parts are in the order that Kind.KeyParts names. Any text is allowed in a
// part, separators included.
type Key []string

// RecordID names one record: the partition key of its row. It is comparable
// and safe for any text in the key, because every part carries its length.
type RecordID string

// ErrKey is returned for a text that is not a record id or key of its kind.
var ErrKey = errors.New("commerce: not a key")

// maxKeyPart bounds one part of a key, in bytes. DynamoDB allows 2,048 bytes
// for a whole partition key.
const maxKeyPart = 512

// NewKey returns the key of the given parts, or an error naming the part that
// is missing, empty or longer than 512 bytes.
func NewKey(kind Kind, parts ...string) (Key, error) {
	names, known := keyParts[kind]
	if !known {
		return nil, fmt.Errorf("%w: unknown kind %q", ErrKey, kind)
	}
	if len(parts) != len(names) {
		return nil, fmt.Errorf("%w: %s takes %s", ErrKey, kind, kind.KeyTemplate())
	}
	for i, p := range parts {
		if p == "" {
			return nil, fmt.Errorf("%w: %s without %s", ErrKey, kind, names[i])
		}
		if len(p) > maxKeyPart {
			return nil, fmt.Errorf("%w: %s with a %s of %d bytes, at most %d", ErrKey, kind, names[i], len(p), maxKeyPart)
		}
	}
	return Key(parts), nil
}

// ID joins kind and key parts, each part behind its length in bytes:
// inventory|7:MUG-BLU|4:east.
func (k Key) ID(kind Kind) RecordID {
	var b strings.Builder
	b.WriteString(string(kind))
	for _, p := range k {
		b.WriteByte('|')
		b.WriteString(strconv.Itoa(len(p)))
		b.WriteByte(':')
		b.WriteString(p)
	}
	return RecordID(b.String())
}

// Complete reports whether every part is known. An observation that waits for
// a link has empty parts.
func (k Key) Complete() bool {
	for _, p := range k {
		if p == "" {
			return false
		}
	}
	return len(k) > 0
}

// Parse splits the id into kind and key. It is the inverse of Key.ID.
func (id RecordID) Parse() (Kind, Key, error) {
	kind, rest, _ := strings.Cut(string(id), "|")
	var key Key
	for rest != "" {
		length, tail, ok := strings.Cut(rest, ":")
		n, err := strconv.Atoi(length)
		if !ok || err != nil || n < 0 || n > len(tail) {
			return "", nil, fmt.Errorf("%w: record id %q", ErrKey, id)
		}
		key = append(key, tail[:n])
		rest = tail[n:]
		if rest != "" {
			if rest[0] != '|' {
				return "", nil, fmt.Errorf("%w: record id %q", ErrKey, id)
			}
			rest = rest[1:]
		}
	}
	// Only what ID writes is an id: no sign or leading zero in a length, and
	// nothing behind the last part.
	if len(key) == 0 || len(key) != len(keyParts[Kind(kind)]) || key.ID(Kind(kind)) != id {
		return "", nil, fmt.Errorf("%w: record id %q", ErrKey, id)
	}
	return Kind(kind), key, nil
}

// Text writes the key as people read it: MUG-BLU@east, shopify-us/US1042. It
// is for messages; two keys may share a text when parts hold the separator.
func (k Key) Text(kind Kind) string { return strings.Join(k, kind.separator()) }

// ParseKey reads a key as Text writes it. Of an inventory or price key the
// last separator counts, so that SKUs may hold one; elsewhere the first ones
// do.
func ParseKey(kind Kind, text string) (Key, error) {
	sep, n := kind.separator(), len(keyParts[kind])
	if n == 2 && sep == "@" {
		i := strings.LastIndex(text, sep)
		if i < 0 {
			return nil, fmt.Errorf("%w: %q, want %s", ErrKey, text, kind.KeyTemplate())
		}
		return NewKey(kind, text[:i], text[i+1:])
	}
	return NewKey(kind, strings.SplitN(text, sep, n)...)
}
