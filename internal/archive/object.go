package archive

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

const (
	hourLayout = "2006/01/02/15/"
	dayLayout  = "2006/01/02/"
	extension  = ".ndjson.gz"
	// nameDigits is the length of the hash in an object's name.
	nameDigits = 32
)

// place is where an object goes: its kind, the hour and the system of what is
// in it.
type place struct {
	keys   string
	hour   time.Time
	system string
}

func placeOf(keys string, d commerce.Delivery) place {
	return place{keys, d.Received.UTC().Truncate(time.Hour), d.System}
}

// key is the object's full name. A system's name is its own part of it,
// whatever characters it has.
func (p place) key(hash string) string {
	return p.keys + p.hour.Format(hourLayout) + url.PathEscape(p.system) + "-" + hash + extension
}

// systemOf is the system in an object's key, or false for what is no object of
// the archive.
func systemOf(key string) (string, bool) {
	name, ok := strings.CutSuffix(key[strings.LastIndexByte(key, '/')+1:], extension)
	if !ok || len(name) <= nameDigits {
		return "", false
	}
	escaped, ok := strings.CutSuffix(name[:len(name)-nameDigits], "-")
	system, err := url.PathUnescape(escaped)
	return system, ok && err == nil
}

// line is one delivery as it is written: an envelope, as on the queues.
type line struct {
	received time.Time
	text     string
}

func (l line) compare(o line) int {
	return cmp.Or(l.received.Compare(o.received), strings.Compare(l.text, o.text))
}

// object is what is gathered for one place.
type object struct {
	lines []line
	// messages are the places in the batch of what is in it.
	messages []int
	// err is why it could not be written.
	err error
}

type objects map[place]*object

func (all objects) add(at place, l line, message int) {
	o := all[at]
	if o == nil {
		o = &object{}
		all[at] = o
	}
	o.lines = append(o.lines, l)
	o.messages = append(o.messages, message)
}

// pack sorts the lines and compresses them. The same lines, in any order and any
// number, give the same key and the same bytes.
func (o *object) pack(at place) (key string, body []byte, err error) {
	slices.SortFunc(o.lines, line.compare)
	lines := slices.CompactFunc(o.lines, func(a, b line) bool { return a.text == b.text })
	sum := sha256.New()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	for _, l := range lines {
		sum.Write([]byte(l.text + "\n"))
		if _, err := z.Write([]byte(l.text + "\n")); err != nil {
			return "", nil, err
		}
	}
	if err := z.Close(); err != nil {
		return "", nil, err
	}
	return at.key(hex.EncodeToString(sum.Sum(nil))[:nameDigits]), b.Bytes(), nil
}
