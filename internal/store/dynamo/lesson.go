package dynamo

import (
	varint "encoding/binary"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/trend"
)

// What a lesson holds, as the flags before it. It is read back by nobody but this
// file, and stands in every row that ever settled, so it is written in as few
// bytes as it takes.
const (
	lessonTook = 1 << iota
	lessonLevel
	lessonRun
	lessonRough
	lessonFound
)

// encodeLesson writes a flags byte and what the flags say: whole numbers as
// varints, instants and spans in seconds, decimals as texts behind their length.
func encodeLesson(l record.Lesson) []byte {
	run := l.Leak.Run
	flags := byte(0)
	flag := func(f byte, there bool) bool {
		if there {
			flags |= f
		}
		return there
	}
	b := []byte{0}
	if flag(lessonTook, !l.Settled.IsZero() || l.Took != 0) {
		b = appendInstant(b, l.Settled)
		b = varint.AppendVarint(b, int64(l.Took/time.Second))
	}
	if flag(lessonLevel, l.Leak.Level.Sign() != 0) {
		b = appendDecimal(b, l.Leak.Level)
	}
	if flag(lessonRun, run != trend.Run{}) {
		b = appendDecimal(appendDecimal(b, run.Sum), run.Most)
		for _, n := range []int{run.Score, run.Steps, run.Against} {
			b = varint.AppendVarint(b, int64(n))
		}
		b = appendInstant(appendInstant(b, run.Since), run.Last)
		b = appendInstant(appendDecimal(b, run.Moved), run.MovedAt)
		flag(lessonRough, run.Rough)
		if flag(lessonFound, !run.Found.IsZero()) {
			b = appendInstant(b, run.Found)
		}
	}
	b[0] = flags
	return b
}

func appendInstant(b []byte, t time.Time) []byte { return varint.AppendVarint(b, t.Unix()) }

func appendDecimal(b []byte, d commerce.Decimal) []byte {
	s := d.String()
	return append(varint.AppendUvarint(b, uint64(len(s))), s...)
}

// lesson is the inverse of encodeLesson.
func (r *reader) lesson(m item, name string) record.Lesson {
	b := bytesOf{r.binary(m, name), true}
	flags, l := b.flags(), record.Lesson{}
	if flags&lessonTook != 0 {
		l.Settled, l.Took = b.instant(), time.Duration(b.varint())*time.Second
	}
	if flags&lessonLevel != 0 {
		l.Leak.Level = b.decimal()
	}
	if flags&lessonRun != 0 {
		run := &l.Leak.Run
		run.Sum, run.Most = b.decimal(), b.decimal()
		run.Score, run.Steps, run.Against = int(b.varint()), int(b.varint()), int(b.varint())
		run.Since, run.Last = b.instant(), b.instant()
		run.Moved, run.MovedAt = b.decimal(), b.instant()
		run.Rough = flags&lessonRough != 0
		if flags&lessonFound != 0 {
			run.Found = b.instant()
		}
	}
	if !b.ok || len(b.rest) > 0 {
		r.fail(name, "a lesson")
		return record.Lesson{}
	}
	return l
}

// bytesOf takes values off the front of what is left, as long as there is one.
type bytesOf struct {
	rest []byte
	ok   bool
}

func (b *bytesOf) take(n int) []byte {
	if n <= 0 || n > len(b.rest) {
		b.ok, b.rest = false, nil
		return nil
	}
	taken := b.rest[:n]
	b.rest = b.rest[n:]
	return taken
}

func (b *bytesOf) flags() byte {
	if one := b.take(1); b.ok {
		return one[0]
	}
	return 0
}

func (b *bytesOf) varint() int64 {
	v, n := varint.Varint(b.rest)
	b.take(n)
	return v
}

func (b *bytesOf) instant() time.Time {
	t := time.Unix(b.varint(), 0).UTC()
	if t.IsZero() {
		return time.Time{}
	}
	return t
}

func (b *bytesOf) decimal() commerce.Decimal {
	length, n := varint.Uvarint(b.rest)
	b.take(n)
	d, err := commerce.ParseDecimal(string(b.take(int(min(length, commerce.MaxDigits*2)))))
	b.ok = b.ok && err == nil
	return d
}
