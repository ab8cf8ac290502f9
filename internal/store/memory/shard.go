package memory

import (
	"time"

	"github.com/google/btree"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/record"
)

// degree is how many ids a node of a tree holds, about.
const degree = 32

// shard lists the rows of one shard by id, and those that are due by when. The
// zero shard is empty.
type shard struct {
	ids *btree.BTreeG[commerce.RecordID]
	due *btree.BTreeG[dueRow]
}

type dueRow struct {
	at time.Time
	id commerce.RecordID
}

func sooner(a, b dueRow) bool {
	if !a.at.Equal(b.at) {
		return a.at.Before(b.at)
	}
	return a.id < b.id
}

// clone is a shard of its own with the same rows.
func (s *shard) clone() shard {
	if s.ids == nil {
		return shard{}
	}
	return shard{s.ids.Clone(), s.due.Clone()}
}

func (s *shard) add(id commerce.RecordID, row record.Row) {
	if s.ids == nil {
		s.ids, s.due = btree.NewOrderedG[commerce.RecordID](degree), btree.NewG(degree, sooner)
	}
	s.ids.ReplaceOrInsert(id)
	if !row.Due.IsZero() {
		s.due.ReplaceOrInsert(dueRow{row.Due, id})
	}
}

// remove takes out what add put there for the row, if it did.
func (s *shard) remove(id commerce.RecordID, row record.Row) {
	if s.ids == nil {
		return
	}
	s.ids.Delete(id)
	if !row.Due.IsZero() {
		s.due.Delete(dueRow{row.Due, id})
	}
}

func (s *shard) dueUntil(until time.Time, limit int) []commerce.RecordID {
	if s.due == nil {
		return nil
	}
	var due []commerce.RecordID
	s.due.Ascend(func(row dueRow) bool {
		if len(due) == limit || row.at.After(until) {
			return false
		}
		due = append(due, row.id)
		return true
	})
	return due
}

// after lists ids behind the given one.
func (s *shard) after(id commerce.RecordID, limit int) []commerce.RecordID {
	if s.ids == nil || limit <= 0 {
		return nil
	}
	var ids []commerce.RecordID
	s.ids.AscendGreaterOrEqual(id, func(next commerce.RecordID) bool {
		if next != id {
			ids = append(ids, next)
		}
		return len(ids) < limit
	})
	return ids
}
