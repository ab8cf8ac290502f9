package main

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
)

// answer is what two files come to.
type answer struct {
	Agree     int `json:"agree"`
	Differ    int `json:"differ"`
	OnlyLeft  int `json:"only_left"`
	OnlyRight int `json:"only_right"`
}

// Of a thousand records one differs and one is missing on one of the sides.
const (
	differEvery = 1000
	lackEvery   = 2000
)

// generate writes two files of n keys each, in unequal orders, and returns what
// they come to.
func generate(left, right string, n int) (answer, error) {
	a := answer{}
	rnd := rand.New(rand.NewPCG(1, uint64(n)))
	for side, path := range []string{left, right} {
		order := rnd.Perm(n)
		if err := writeRows(path, side, order); err != nil {
			return a, err
		}
	}
	for i := range n {
		switch {
		case i%lackEvery == 7:
			a.OnlyLeft++
			a.OnlyRight++
		case i%differEvery == 3:
			a.Differ++
		default:
			a.Agree++
		}
	}
	return a, nil
}

func writeRows(path string, side int, order []int) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(file, 1<<20)
	fmt.Fprintln(w, "key,price,qty,status,updated_at")
	for _, i := range order {
		prefix, qty := "SKU", i*31%500
		if side == 1 && i%lackEvery == 7 {
			prefix = "NEW"
		} else if side == 1 && i%differEvery == 3 {
			qty++
		}
		status := "active"
		if i%7 == 0 {
			status = "draft"
		}
		fmt.Fprintf(w, "%s-%08d,%d.%02d,%d,%s,2026-11-%02dT%02d:00:00Z\n", prefix, i, i*7919%1000, i%90+10, qty, status, i%28+1, i%24)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return file.Close()
}
