// Package planted verifies numbers, and its tests forget some of what it asks.
package planted

import "errors"

var errNumber = errors.New("not that number")

type endpoint struct{}

// Verify takes even numbers from 10 to 20, and no 14, no 16 and no 18.
func (endpoint) Verify(n int) error {
	if n < 10 || n > 20 {
		return errNumber
	}
	switch n {
	case 14:
		return errNumber
	case 16:
		return errNumber
	}
	small := func(n int) bool { return n < 18 }
	if !even(n) || n < 20 && !small(n) {
		return errNumber
	}
	return nil
}

func even(n int) bool { return n%2 == 0 }

// odd is of no use to Verify.
func odd(n int) bool { return n%2 == 1 }
