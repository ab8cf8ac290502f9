// Package export says what the export files of commerce systems mean: which
// columns are the key of a record and which its facets, by a Mapping, and reads
// their rows as records. It knows the exports of the platforms that it lists
// (Presets), tells by the header which of them a file is (Recognise), and guesses
// with reasons what a file of unknown layout holds (Guess, Pair).
//
// How files are decoded is left to sheet, who is right to compare, and how records
// reach the system to load.
//
// Facets mean what the platforms' normalisers make of webhooks. An export tells
// less of a record than they do, and often without the platform's own id, so that
// its observations are a part of their own (PartOf): they stand beside the views of
// the webhooks and never replace one by less.
package export
