// Package board tests the board in a browser: the recorded day is played, and
// every page that drift wrote is opened as people open it.
package board
