//go:build !unix

package main

// busy is not known here.
func busy() float64 { return 0 }
