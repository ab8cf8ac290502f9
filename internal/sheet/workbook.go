package sheet

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strings"
)

// maxWorkbook bounds what of a workbook is kept on disk while it is read.
const maxWorkbook = 2 << 30

// workbook is an XLSX file.
type workbook struct {
	files   map[string]*zip.File
	o       Options
	sheets  []tab
	strings *stringTable
	styles  styles
	// since1904 says how its days count.
	since1904 bool
}

// tab is one sheet of a workbook.
type tab struct {
	name, id, path string
	hidden         bool
}

// openWorkbook reads the sheet that is asked for, or the first that is visible
// and has rows. A workbook can only be read from its end: what is no file of its
// own is written to one.
func (r *Reader) openWorkbook(file io.Reader, ahead io.Reader, o Options) error {
	r.format.Kind = XLSX
	from, size, err := r.seekable(file, ahead)
	if err != nil {
		return err
	}
	book, err := readWorkbook(from, size, o)
	if err != nil {
		return err
	}
	for _, t := range book.sheets {
		r.sheets = append(r.sheets, t.name)
	}
	candidates, err := book.candidates(o.Sheet)
	if err != nil {
		return err
	}
	r.plain, r.ragged = true, true
	for _, t := range candidates {
		if err = r.openTab(book, t, o); !errors.Is(err, ErrEmpty) {
			return err
		}
	}
	return ErrEmpty
}

func (r *Reader) openTab(book *workbook, t tab, o Options) error {
	part, err := book.open(t.path)
	if err != nil {
		return err
	}
	r.source = &tabSource{xml: newXML(part, max(windowSize, o.MaxRow)), part: part, book: book, maxRow: o.MaxRow}
	r.format.Sheet = t.name
	return r.findHeader(o)
}

// seekable returns the file as one that can be read anywhere.
func (r *Reader) seekable(file, ahead io.Reader) (io.ReaderAt, int64, error) {
	if at, ok := file.(interface {
		io.ReaderAt
		io.Seeker
	}); ok && r.format.Compression == "" {
		if size, err := at.Seek(0, io.SeekEnd); err == nil {
			return at, size, nil
		}
	}
	spool, err := os.CreateTemp("", "plumbline-*.xlsx")
	if err != nil {
		return nil, 0, fmt.Errorf("keep the workbook: %w", err)
	}
	r.close = append(r.close, func() error { return errors.Join(spool.Close(), os.Remove(spool.Name())) })
	size, err := io.Copy(spool, io.LimitReader(ahead, maxWorkbook+1))
	switch {
	case err != nil:
		return nil, 0, fmt.Errorf("keep the workbook: %w", err)
	case size > maxWorkbook:
		return nil, 0, fmt.Errorf("%w: a workbook of more than %d MiB", ErrLimit, maxWorkbook>>20)
	default:
		return spool, size, nil
	}
}

// readWorkbook reads everything of a workbook but the rows.
func readWorkbook(from io.ReaderAt, size int64, o Options) (*workbook, error) {
	archive, err := zip.NewReader(from, size)
	if err != nil {
		return nil, fmt.Errorf("%w: a workbook without its end", ErrTruncated)
	}
	b := &workbook{files: map[string]*zip.File{}, o: o}
	for _, f := range archive.File {
		b.files[strings.ToLower(path.Clean("/"+strings.ReplaceAll(f.Name, `\`, "/")))] = f
	}
	main, err := b.main()
	if err != nil {
		return nil, err
	}
	if err := b.readSheets(main); err != nil {
		return nil, err
	}
	targets, err := b.relations(main)
	if err != nil {
		return nil, err
	}
	b.sheets = slices.DeleteFunc(b.sheets, func(t tab) bool { return !targets[t.id].is("/worksheet") })
	for i := range b.sheets {
		b.sheets[i].path = targets[b.sheets[i].id].path
	}
	b.strings, b.styles = &stringTable{}, styles{}
	for _, to := range targets {
		switch {
		case to.is("/sharedStrings"):
			err = b.readStrings(to.path)
		case to.is("/styles"):
			err = b.readStyles(to.path)
		}
		if err != nil {
			return nil, err
		}
	}
	return b, nil
}

// main returns the part that names the sheets.
func (b *workbook) main() (string, error) {
	targets, err := b.relations("/")
	if err != nil {
		return "", err
	}
	for _, to := range targets {
		if to.is("/officeDocument") && strings.HasSuffix(to.path, ".xml") && b.files[to.path] != nil {
			return to.path, nil
		}
	}
	switch {
	case b.files["/xl/workbook.bin"] != nil:
		return "", fmt.Errorf("%w: it is a binary Excel workbook (.xlsb); save it as .xlsx or CSV", ErrFormat)
	case b.files["/content.xml"] != nil && b.files["/mimetype"] != nil:
		return "", fmt.Errorf("%w: it is an OpenDocument file; save it as .xlsx or CSV", ErrFormat)
	case b.files["/xl/workbook.xml"] != nil:
		return "/xl/workbook.xml", nil
	default:
		return "", fmt.Errorf("%w: it is a zip archive and no workbook; take the file out of it", ErrFormat)
	}
}

// relation is a part that another refers to.
type relation struct{ kind, path string }

func (r relation) is(kind string) bool { return strings.HasSuffix(r.kind, kind) }

// relations returns what a part refers to, by id.
func (b *workbook) relations(part string) (map[string]relation, error) {
	dir, name := path.Split(part)
	found := map[string]relation{}
	err := b.read(path.Join(dir, "_rels", name+".rels"), func(x *xmlReader) error {
		if x.is("Relationship") {
			to := string(x.attribute("Target"))
			if !strings.HasPrefix(to, "/") {
				to = dir + to
			}
			found[string(x.attribute("Id"))] = relation{kind: string(x.attribute("Type")), path: strings.ToLower(path.Clean(to))}
		}
		return nil
	})
	return found, err
}

func (b *workbook) readSheets(part string) error {
	return b.read(part, func(x *xmlReader) error {
		switch {
		case x.is("workbookPr"):
			b.since1904 = isTrue(x.attribute("date1904"))
		case x.is("sheet"):
			b.sheets = append(b.sheets, tab{
				name:   string(appendUnescapedXML(nil, x.attribute("name"))),
				id:     string(x.attribute("id")),
				hidden: len(x.attribute("state")) > 0 && string(x.attribute("state")) != "visible",
			})
		}
		return nil
	})
}

func isTrue(value []byte) bool { return string(value) == "1" || string(value) == "true" }

// candidates are the sheets that may be read, in their order.
func (b *workbook) candidates(name string) ([]tab, error) {
	var found []tab
	var names []string
	for _, t := range b.sheets {
		names = append(names, fmt.Sprintf("%q", t.name))
		if name == "" && !t.hidden || name != "" && strings.EqualFold(t.name, name) {
			found = append(found, t)
		}
	}
	switch {
	case len(found) == 0 && name != "":
		return nil, fmt.Errorf("%w: no sheet of that name, want one of %s", ErrFormat, strings.Join(names, ", "))
	case len(found) == 0:
		return nil, fmt.Errorf("%w: no sheet that is visible; name one to read it", ErrFormat)
	default:
		return found, nil
	}
}

// open returns a part as it was before it was packed.
func (b *workbook) open(part string) (io.ReadCloser, error) {
	f := b.files[part]
	if f == nil {
		return nil, fmt.Errorf("%w: the workbook lacks its part %s", ErrDamaged, path.Base(part))
	}
	plain, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%w: a part of the workbook cannot be unpacked", ErrDamaged)
	}
	return struct {
		io.Reader
		io.Closer
	}{&unpacking{r: plain, packed: &counter{n: int64(f.CompressedSize64)}}, plain}, nil
}

// read calls visit for every start tag of a part, if the workbook has the part.
func (b *workbook) read(part string, visit func(*xmlReader) error) error {
	if b.files[strings.ToLower(part)] == nil {
		return nil
	}
	plain, err := b.open(strings.ToLower(part))
	if err != nil {
		return err
	}
	defer plain.Close()
	x := newXML(plain, max(windowSize, b.o.MaxRow))
	for {
		t, err := x.next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case t == startTag:
			if err := visit(x); err != nil {
				return err
			}
		}
	}
}

// unescapeX reads how workbooks write characters that XML has not: _x000D_.
func unescapeX(text []byte) []byte {
	if !bytes.Contains(text, []byte("_x")) {
		return text
	}
	var plain []byte
	for i := 0; i < len(text); i++ {
		if i+7 <= len(text) && text[i] == '_' && text[i+1] == 'x' && text[i+6] == '_' && isHex(text[i+2:i+6]) {
			plain = append(plain, string(hex(text[i+2:i+6]))...)
			i += 6
			continue
		}
		plain = append(plain, text[i])
	}
	return plain
}

func isHex(digits []byte) bool {
	return len(bytes.Trim(digits, "0123456789abcdefABCDEF")) == 0
}
