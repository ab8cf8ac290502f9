package day

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"
)

// readLines reads a file of one value a line, in the order of their time. It may
// be packed.
func readLines[T any](folder fs.FS, name string, at func(T) time.Time) ([]T, error) {
	text, err := open(folder, name)
	if err != nil {
		return nil, fmt.Errorf("read a day: %w", err)
	}
	defer text.Close()
	var all []T
	lines := bufio.NewReader(text)
	for n := 1; ; n++ {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) && len(line) == 0 {
			return all, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %s:%d: %w", ErrDay, name, n, err)
		}
		var one T
		if err := decode(line, &one); err != nil {
			return nil, fmt.Errorf("%w: %s:%d: %w", ErrDay, name, n, err)
		}
		if len(all) > 0 && at(one).Before(at(all[len(all)-1])) {
			return nil, fmt.Errorf("%w: %s:%d: earlier than the line before", ErrDay, name, n)
		}
		all = append(all, one)
	}
}

// open opens a file, or what its packed form holds.
func open(folder fs.FS, name string) (io.ReadCloser, error) {
	file, err := folder.Open(name)
	if !errors.Is(err, fs.ErrNotExist) {
		return file, err
	}
	packed, err := folder.Open(name + Packed)
	if err != nil {
		return nil, err
	}
	text, err := gzip.NewReader(packed)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("unpack %s: %w", name+Packed, err), packed.Close())
	}
	return unpacked{text, packed}, nil
}

// unpacked is a packed file that is read as text.
type unpacked struct {
	*gzip.Reader
	file fs.File
}

// Close closes the file.
func (u unpacked) Close() error { return errors.Join(u.Reader.Close(), u.file.Close()) }

func writeLines[T any](all []T) ([]byte, error) {
	var lines bytes.Buffer
	for _, one := range all {
		line, err := encode(one, "")
		if err != nil {
			return nil, err
		}
		lines.Write(line)
	}
	return lines.Bytes(), nil
}

// Pack compresses the content of a file, which is then named with Packed at its
// end.
func Pack(text []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(text); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// Unpack is the content of a packed file.
func Unpack(packed []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}
