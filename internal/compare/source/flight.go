package source

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/compare"
	"github.com/plumbline/plumbline/internal/export"
	"github.com/plumbline/plumbline/internal/sheet"
)

// Columns of orders, where the file is none that is known.
var (
	skuColumn      = regexp.MustCompile(`(?i)^(line ?item )?(sku|item no\.?|item number|item|product code)$`)
	unitsColumn    = regexp.MustCompile(`(?i)^(line ?item )?(quantity|qty\.?|units|outstanding quantity|pieces)$`)
	locationColumn = regexp.MustCompile(`(?i)^(line ?item )?(location|warehouse)( (name|code))?$`)
)

// ErrFlight means that a file of orders says of no SKU how many units are on them.
var ErrFlight = errors.New("want a file of order lines with a SKU and a quantity")

// Flight reads the units on orders that one side has not taken off its stock yet.
func Flight(path string, o export.Options) (*compare.Flight, error) {
	look, err := LookAt(path, sheet.Options{})
	if err != nil {
		return nil, err
	}
	opened, err := open(path, sheet.Options{}, nil)
	if err != nil {
		return nil, err
	}
	flight := &compare.Flight{}
	if m, ok := orders(look); ok {
		err = readOrders(opened, m, o, flight)
	} else {
		err = readLines(opened, flight)
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", path, err)
	}
	return flight, errors.Join(err, opened.Close())
}

// orders is the reading of a file of orders that is known.
func orders(l Look) (export.Mapping, bool) {
	for _, p := range export.Presets() {
		all, ok := p.For(l.Header)
		if !ok || !fits(p, l.Header) {
			continue
		}
		if i := slices.IndexFunc(all, func(m export.Mapping) bool { return m.Lines != nil }); i >= 0 {
			return all[i], true
		}
	}
	return export.Mapping{}, false
}

// fits reports whether a file has the columns that a preset needs.
func fits(p export.Preset, header []string) bool {
	return !slices.ContainsFunc(p.Needs, func(name string) bool { return column(header, name) < 0 })
}

func readOrders(o *opened, m export.Mapping, options export.Options, to *compare.Flight) error {
	reader, err := export.NewReader(o, m, options)
	if err != nil {
		return err
	}
	for {
		record, err := reader.Next()
		var bad *sheet.RowError
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.As(err, &bad):
			return bad // an order that cannot be read would leave its units unexplained
		case err != nil:
			return err
		}
		if record.Facets["cancelled"].IsTrue() || record.Facets["test"].IsTrue() {
			continue
		}
		for _, line := range record.Lines {
			to.Add(line)
		}
	}
}

func readLines(o *opened, to *compare.Flight) error {
	find := func(pattern *regexp.Regexp) int {
		return slices.IndexFunc(o.Header(), func(name string) bool { return pattern.MatchString(strings.TrimSpace(name)) })
	}
	sku, units, location := find(skuColumn), find(unitsColumn), find(locationColumn)
	if sku < 0 || units < 0 {
		return ErrFlight
	}
	for {
		row, err := o.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		text := func(at int) string { return strings.TrimSpace(string(row.Cells[at].Text)) }
		if text(sku) == "" || text(units) == "" {
			continue
		}
		n, err := sheet.ParseNumber([]byte(text(units)), sheet.NumberStyle{Decimal: '.', Group: ','})
		if err != nil {
			return &sheet.RowError{Line: row.Line, Column: units + 1, Name: o.Header()[units], Want: "a number of units"}
		}
		line := commerce.Line{SKU: text(sku), Units: n}
		if location >= 0 {
			line.Location = text(location)
		}
		to.Add(line)
	}
}
