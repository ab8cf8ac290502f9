package total

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
)

// Sheet is what the records under one rule add up to, by period and by-values.
// The zero Sheet is of no record. It is JSON, so that it can be kept.
type Sheet struct {
	Buckets map[string]*Bucket `json:",omitempty"`
	// Undated counts the records that do not say on which day they belong, and
	// UndatedAt is when the newest of them last changed: it may belong to any
	// period that began before.
	Undated   int       `json:",omitempty"`
	UndatedAt time.Time `json:",omitzero"`
	// UndatedWhy names one of them and what it lacks.
	UndatedWhy string `json:",omitempty"`
	// Crowded says that there are more periods and by-values than can be kept, so
	// that none of the totals is known.
	Crowded bool `json:",omitempty"`
}

// add adds a record. The order of records makes no difference.
func (s *Sheet) add(e Entry) { s.bucket(e.Period, e.By).add(e) }

func (s *Sheet) undated(n int, changed time.Time, why string) {
	s.Undated += n
	if changed = changed.UTC(); changed.After(s.UndatedAt) {
		s.UndatedAt = changed
	}
	if s.UndatedWhy == "" || why != "" && why < s.UndatedWhy {
		s.UndatedWhy = why
	}
}

// merge adds what another part of the records came to.
func (s *Sheet) merge(o Sheet) {
	if s.Crowded = s.Crowded || o.Crowded; s.Crowded {
		s.Buckets = nil
	}
	for _, b := range o.Buckets {
		s.bucket(b.Period, b.By).merge(*b)
	}
	if o.Undated > 0 {
		s.undated(o.Undated, o.UndatedAt, o.UndatedWhy)
	}
}

// bucket is the bucket of that name; a crowded sheet forgets what it adds.
func (s *Sheet) bucket(period, by string) *Bucket {
	if s.Crowded {
		return &Bucket{}
	}
	name := period + "|" + by
	if s.Buckets == nil {
		s.Buckets = map[string]*Bucket{}
	}
	if s.Buckets[name] == nil {
		s.Buckets[name] = &Bucket{Period: period, By: by}
	}
	return s.Buckets[name]
}

// Of lists the buckets of a period by their by-values.
func (s Sheet) Of(period string) []Bucket {
	var list []Bucket
	for _, name := range slices.Sorted(maps.Keys(s.Buckets)) {
		if strings.HasPrefix(name, period+"|") {
			list = append(list, *s.Buckets[name])
		}
	}
	return list
}

// Sheets are the sheets of a walk by rule, "integration/rule". Nil is of no
// record.
type Sheets map[string]*Sheet

// Add adds a record under a rule.
func (s *Sheets) Add(rule string, e Entry) {
	s.sheet(rule).add(e)
}

// AddUndated counts a record under a rule that does not say on which day it
// belongs, with when it last changed and why.
func (s *Sheets) AddUndated(rule string, changed time.Time, why string) {
	s.sheet(rule).undated(1, changed, why)
}

// Merge adds what another part of the same walk came to, and keeps the whole
// within one document.
func (s *Sheets) Merge(o Sheets) {
	for rule, sheet := range o {
		s.sheet(rule).merge(*sheet)
	}
	s.bound()
}

func (s *Sheets) sheet(rule string) *Sheet {
	if *s == nil {
		*s = Sheets{}
	}
	if (*s)[rule] == nil {
		(*s)[rule] = &Sheet{}
	}
	return (*s)[rule]
}

// bound keeps all sheets together within one document: records are named less
// often, and the sheet with the most buckets gives up.
func (s *Sheets) bound() {
	for limit := MaxParts / 2; s.count(func(b *Bucket) int { return len(b.Parts) }) > maxAllParts && limit >= 0; limit-- {
		for _, sheet := range *s {
			for _, b := range sheet.Buckets {
				b.trim(limit)
			}
		}
	}
	for s.count(func(*Bucket) int { return 1 }) > MaxBuckets {
		most := slices.MaxFunc(slices.Sorted(maps.Keys(*s)), func(a, b string) int {
			return cmp.Compare(len((*s)[a].Buckets), len((*s)[b].Buckets))
		})
		(*s)[most].Buckets, (*s)[most].Crowded = nil, true
	}
}

func (s *Sheets) count(of func(*Bucket) int) int {
	n := 0
	for _, sheet := range *s {
		for _, b := range sheet.Buckets {
			n += of(b)
		}
	}
	return n
}
