package dynamo

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/trend"
)

var (
	monday  = time.Unix(1_772_546_400, 0).UTC()
	settled = record.Lesson{Settled: monday, Took: 4 * time.Minute}
	leaks   = record.Lesson{Settled: monday, Took: 4 * time.Minute, Leak: trend.Leak{
		Level: commerce.Int(1), Run: trend.Run{
			Score: 8, Steps: 9, Sum: commerce.Int(11), Most: commerce.Int(2), Since: monday, Last: monday.Add(time.Hour), Found: monday,
			Moved: commerce.Int(1), MovedAt: monday,
		},
	}}
)

func TestLesson_TakesFewBytes(t *testing.T) {
	for _, c := range []struct {
		name   string
		lesson record.Lesson
		most   int
	}{{"a row that settled", settled, 8}, {"a row that leaks", leaks, 45}} {
		if n := len(encodeLesson(c.lesson)); n > c.most {
			t.Errorf("%s: %d bytes, want at most %d", c.name, n, c.most)
		}
	}
}

func TestLesson_DamageIsAnErrorThatNamesTheAttribute(t *testing.T) {
	whole := encodeLesson(leaks)
	for n := range len(whole) {
		r := &reader{}
		if r.lesson(item{"s|acme/stock": binary(whole[:n])}, "s|acme/stock"); r.err == nil || !strings.Contains(r.err.Error(), "s|acme/stock") {
			t.Errorf("%d of %d bytes: %v", n, len(whole), r.err)
		}
	}
	r := &reader{}
	if r.lesson(item{"s|acme/stock": binary(append(whole, 0))}, "s|acme/stock"); r.err == nil {
		t.Error("a byte too many is accepted")
	}
}

func FuzzLesson(f *testing.F) {
	f.Add(encodeLesson(settled))
	f.Add(encodeLesson(leaks))
	f.Fuzz(func(t *testing.T, b []byte) {
		r := &reader{}
		l := r.lesson(item{"s": binary(b)}, "s")
		if r.err != nil {
			return
		}
		once := encodeLesson(l)
		if twice := encodeLesson(r.lesson(item{"s": binary(once)}, "s")); r.err != nil || !bytes.Equal(once, twice) {
			t.Errorf("wrote %x, then %x: %v", once, twice, r.err)
		}
	})
}
