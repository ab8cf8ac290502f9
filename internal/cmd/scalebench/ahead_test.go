package main

import (
	"context"
	"fmt"
	"strconv"
	"testing"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/store"
)

// numbered are a table's rows, whose cursor is the id of the row that was read last.
type numbered struct {
	store.Records
	rows, most, asked int
}

func (n *numbered) Page(_ context.Context, _, _ int, cursor string, limit int) (rows []record.Row, next string, err error) {
	n.asked++
	from := 0
	if cursor != "" {
		_, key, err := commerce.RecordID(cursor).Parse()
		if err != nil {
			return nil, "", err
		}
		if from, err = strconv.Atoi(key[0]); err != nil {
			return nil, "", err
		}
		from++
	}
	for i := from; i < min(from+min(limit, n.most), n.rows); i++ {
		rows = append(rows, record.Row{Kind: commerce.Product, Key: commerce.Key{strconv.Itoa(i)}})
	}
	if from+len(rows) < n.rows {
		next = string(rows[len(rows)-1].ID())
	}
	return rows, next, nil
}

func TestRowsReadAheadAreGivenOutOnceAndInFewRequests(t *testing.T) {
	table := &numbered{rows: 230, most: 100}
	a, cursor, got := &ahead{table, map[int]stretch{}}, "", ""
	for {
		rows, next, err := a.Page(t.Context(), 0, 1, cursor, 30)
		if err != nil {
			t.Fatal(err)
		}
		got += fmt.Sprint(len(rows), " ")
		if cursor = next; next == "" {
			break
		}
	}
	if want := "30 30 30 10 30 30 30 10 30 "; got != want || table.asked != 3 {
		t.Errorf("pages of %sin %d requests, want %sin 3", got, table.asked, want)
	}
	// A walk that goes on where an earlier one was reads from there.
	rows, _, err := a.Page(t.Context(), 0, 1, string(commerce.Key{"41"}.ID(commerce.Product)), 3)
	if err != nil || len(rows) != 3 || rows[0].Key[0] != "42" {
		t.Errorf("behind row 41 are %v, %v", rows, err)
	}
}
