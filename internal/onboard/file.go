package onboard

import (
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/export"
	"github.com/plumbline/plumbline/internal/sheet"
)

// File is what an export shows that the questions build on.
type File struct {
	// Name is the file's, without folders.
	Name string
	// Title is what it was recognised as, and Platform who writes such files.
	Title, Platform string
	// Mappings are how it is read, one for each kind that it tells of.
	Mappings []export.Mapping
	// Places are its locations, those with the most rows first.
	Places []Place
	// Everywhere says that it counts stock for all locations together.
	Everywhere bool
	// Numbers are those of its orders, and More says that there are others.
	Numbers []Number
	More    bool
	// Currency is the one that most rows have, or blank.
	Currency string
}

// Place is a location as a file names it.
type Place struct {
	Name string
	Rows int
}

// Number is an order's number as a row writes it, in any of the columns that may
// have it.
type Number struct {
	Line  int
	Texts []string
}

// The most that is kept of a file.
const (
	mostNumbers = 200_000
	mostPlaces  = 1_000
)

// Survey reads a file to its end. Rows that cannot be read are left out: who
// compares or loads the file meets them again.
func Survey(f File, rows export.Rows) (File, error) {
	s := newSurvey(&f, rows.Header())
	for {
		row, err := rows.Next()
		var bad *sheet.RowError
		switch {
		case errors.Is(err, io.EOF):
			s.finish()
			return f, nil
		case errors.As(err, &bad):
		case err != nil:
			return f, err
		default:
			s.row(row)
		}
	}
}

type survey struct {
	file           *File
	place, money   int
	numbers        []int
	places, moneys map[string]int
	seen           map[string]bool
}

func newSurvey(f *File, header []string) *survey {
	s := &survey{file: f, place: -1, money: -1, places: map[string]int{}, moneys: map[string]int{}, seen: map[string]bool{}}
	find := func(name string) int {
		return slices.IndexFunc(header, func(h string) bool {
			return name != "" && strings.EqualFold(strings.TrimSpace(h), strings.TrimSpace(name))
		})
	}
	for _, m := range f.Mappings {
		s.money = max(s.money, find(m.Currency))
		if m.Spread != nil && m.Spread.Part == "location" {
			for _, name := range m.Spread.Columns {
				s.places[name] = 0
			}
		}
		for _, k := range m.Key {
			switch {
			case k.Part == "location" && k.Column == "":
				f.Everywhere = k.Constant == export.Everywhere
			case k.Part == "location":
				s.place = find(k.Column)
			case (m.Kind == commerce.Order || m.Kind == commerce.Refund) && k.Part == "number":
				for _, name := range append([]string{k.Column}, k.Or...) {
					if at := find(name); at >= 0 && !slices.Contains(s.numbers, at) {
						s.numbers = append(s.numbers, at)
					}
				}
			}
		}
	}
	return s
}

func (s *survey) row(row sheet.Row) {
	text := func(at int) string {
		if at < 0 || at >= len(row.Cells) {
			return ""
		}
		return strings.TrimSpace(string(row.Cells[at].Text))
	}
	if place := text(s.place); place != "" && (len(s.places) < mostPlaces || s.places[place] > 0) {
		s.places[place]++
	}
	if money := text(s.money); len(money) == 3 {
		s.moneys[strings.ToUpper(money)]++
	}
	var texts []string
	for _, at := range s.numbers {
		if t := text(at); t != "" {
			texts = append(texts, t)
		}
	}
	key := strings.Join(texts, "\x00")
	switch {
	case len(texts) == 0 || s.seen[key]:
	case len(s.file.Numbers) >= mostNumbers:
		s.file.More = true
	default:
		s.seen[key] = true
		s.file.Numbers = append(s.file.Numbers, Number{row.Line, texts})
	}
}

func (s *survey) finish() {
	for name, n := range s.places {
		s.file.Places = append(s.file.Places, Place{name, n})
	}
	slices.SortFunc(s.file.Places, func(a, b Place) int {
		if a.Rows != b.Rows {
			return b.Rows - a.Rows
		}
		return strings.Compare(a.Name, b.Name)
	})
	most := 0
	for money, n := range s.moneys {
		if n > most || n == most && money < s.file.Currency {
			s.file.Currency, most = money, n
		}
	}
}
