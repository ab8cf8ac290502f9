// Package commerce holds the words that every other package speaks: kinds of
// record, keys, facets, exact decimals, versions and observations.
//
// Everything here is a value without I/O, clock or randomness. Platforms make
// observations, merge folds them into rows, judge compares the sides of a row.
package commerce
