package main

import (
	"encoding/csv"
	"errors"
	"io"
	"os"
	"slices"
)

// plainScript compares two files as most programs would: every row in a map.
func plainScript(left, right string) (a answer, err error) {
	l, err := readAll(left)
	if err != nil {
		return a, err
	}
	r, err := readAll(right)
	if err != nil {
		return a, err
	}
	for key, row := range l {
		other, ok := r[key]
		switch {
		case !ok:
			a.OnlyLeft++
		case slices.Equal(row, other):
			a.Agree++
		default:
			a.Differ++
		}
	}
	a.OnlyRight = len(r) - a.Agree - a.Differ
	return a, nil
}

func readAll(path string) (map[string][]string, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // it was only read
	rows := map[string][]string{}
	in := csv.NewReader(file)
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			delete(rows, "key")
			return rows, nil
		}
		if err != nil {
			return nil, err
		}
		rows[row[0]] = row[1:]
	}
}
