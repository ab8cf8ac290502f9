package archive

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/queue"
)

// Source is where archived objects lie.
type Source interface {
	Get(ctx context.Context, key string) ([]byte, error)
	List(ctx context.Context, prefix string) ([]string, error)
}

// Reader reads what was archived.
type Reader struct{ Blobs Source }

// Read yields what was archived under the keys, contract.DeliveryKeys or
// contract.ObservationKeys, and was received from since until before until, in
// the order in which it was received. A blank system is every system. A message
// that was archived twice is yielded once. It ends with the first error.
func (r Reader) Read(ctx context.Context, keys string, since, until time.Time, system string) iter.Seq2[queue.Envelope, error] {
	return func(yield func(queue.Envelope, error) bool) {
		wanted := func(e queue.Envelope) bool {
			return !e.Delivery.Received.Before(since) && e.Delivery.Received.Before(until)
		}
		for day := since.UTC().Truncate(24 * time.Hour); day.Before(until); day = day.AddDate(0, 0, 1) {
			all, err := r.Blobs.List(ctx, keys+day.Format(dayLayout))
			if err != nil {
				yield(queue.Envelope{}, fmt.Errorf("read the archive: %w", err))
				return
			}
			for _, hour := range hours(all, system) {
				more, err := r.hour(ctx, hour, wanted, yield)
				if err != nil {
					yield(queue.Envelope{}, fmt.Errorf("read the archive: %w", err))
				}
				if err != nil || !more {
					return
				}
			}
		}
	}
}

// hours are the objects of a system, those of each hour together. The keys are
// in order.
func hours(keys []string, system string) [][]string {
	var all [][]string
	hour := ""
	for _, key := range keys {
		of, ok := systemOf(key)
		if !ok || system != "" && of != system {
			continue
		}
		if at := key[:strings.LastIndexByte(key, '/')]; at != hour {
			hour, all = at, append(all, nil)
		}
		all[len(all)-1] = append(all[len(all)-1], key)
	}
	return all
}

// hour merges the objects of one hour, each of which is in order. It reports
// whether more is wanted.
func (r Reader) hour(ctx context.Context, keys []string, wanted func(queue.Envelope) bool, yield func(queue.Envelope, error) bool) (more bool, err error) {
	open, err := r.openAll(ctx, keys)
	last := ""
	for err == nil && len(open) > 0 {
		first := slices.MinFunc(open, func(a, b *cursor) int { return a.compare(b.line) })
		e, text := first.envelope, first.text
		if text != last && wanted(e) && !yield(e, nil) {
			return false, nil
		}
		last = text
		if err = first.next(); errors.Is(err, io.EOF) {
			open, err = slices.DeleteFunc(open, func(c *cursor) bool { return c == first }), nil
		}
	}
	return true, err
}

func (r Reader) openAll(ctx context.Context, keys []string) ([]*cursor, error) {
	var open []*cursor
	for _, key := range keys {
		c, err := r.open(ctx, key)
		if err != nil {
			return nil, err
		}
		if err := c.next(); err != nil {
			return nil, err // no object is empty
		}
		open = append(open, c)
	}
	return open, nil
}

// cursor is an object that is being read, and its current line.
type cursor struct {
	key   string
	lines *bufio.Reader
	line
	envelope queue.Envelope
}

func (r Reader) open(ctx context.Context, key string) (*cursor, error) {
	body, err := r.Blobs.Get(ctx, key)
	if err != nil {
		return nil, err
	}
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", key, err)
	}
	return &cursor{key: key, lines: bufio.NewReader(z)}, nil
}

// next reads a line. The end of the object is io.EOF; one that is cut off, or
// holds something else, is another error.
func (c *cursor) next() error {
	text, err := c.lines.ReadString('\n')
	if errors.Is(err, io.EOF) {
		if text == "" {
			return io.EOF
		}
		err = io.ErrUnexpectedEOF
	}
	if err == nil {
		text = strings.TrimSuffix(text, "\n")
		c.envelope, err = queue.Decode(text)
		c.line = line{c.envelope.Delivery.Received, text}
	}
	if err != nil {
		return fmt.Errorf("read %s: %w", c.key, err)
	}
	return nil
}
