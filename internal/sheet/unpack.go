package sheet

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"
)

// What compressed files begin with.
var (
	gzipMagic = []byte{0x1f, 0x8b}
	zstdMagic = []byte{0x28, 0xb5, 0x2f, 0xfd}
)

// zstdWindow is the longest distance that a zstd file may refer back, which is
// what it costs in memory. The zstd program's own levels need at most this.
const zstdWindow = 128 << 20

// unpacked returns the file without its compression, if it has one.
func (r *Reader) unpacked(file io.Reader) (io.Reader, error) {
	packed := &counter{r: file}
	ahead := bufio.NewReader(packed)
	first, _ := ahead.Peek(4)
	switch {
	case bytes.HasPrefix(first, gzipMagic):
		r.format.Compression = "gzip"
		plain, err := gzip.NewReader(ahead)
		if err != nil {
			return nil, damage(err)
		}
		return &unpacking{r: plain, packed: packed}, nil
	case bytes.HasPrefix(first, zstdMagic):
		r.format.Compression = "zstd"
		plain, err := zstd.NewReader(ahead, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(zstdWindow))
		if err != nil {
			return nil, damage(err)
		}
		r.close = append(r.close, func() error { plain.Close(); return nil })
		return &unpacking{r: plain, packed: packed}, nil
	default:
		return ahead, nil
	}
}

// counter counts what is read.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// Exports shrink to a tenth or a fiftieth. What unpacks to maxRatio times its
// size, and to more than freeSize, was made to do harm.
const (
	maxRatio = 500
	freeSize = 64 << 20
)

// unpacking is a compressed file that is being read.
type unpacking struct {
	r      io.Reader
	packed *counter
	n      int64
}

func (u *unpacking) Read(p []byte) (int, error) {
	n, err := u.r.Read(p)
	u.n += int64(n)
	if u.n > freeSize && u.n > maxRatio*u.packed.n {
		return 0, fmt.Errorf("%w: it unpacks to more than %d times its size", ErrLimit, maxRatio)
	}
	if err != nil && err != io.EOF {
		return n, damage(err)
	}
	return n, err
}

// damage says whether a compressed file is not whole or contradicts itself.
func damage(err error) error {
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return fmt.Errorf("%w: its compressed data ends too early", ErrTruncated)
	case errors.Is(err, zstd.ErrWindowSizeExceeded), errors.Is(err, zstd.ErrDecoderSizeExceeded):
		return fmt.Errorf("%w: it was packed with a window of more than %d MiB", ErrLimit, zstdWindow>>20)
	default:
		return fmt.Errorf("%w: its compressed data: %w", ErrDamaged, err)
	}
}
