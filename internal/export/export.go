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
// less of a record than they do, and often without the platform's own id: Shopify's
// inventory has SKUs and names of locations, and neither inventory items nor ids of
// locations. So its observations are of a part that only exports report (PartOf),
// under the native id where the file has it and the key as the file writes it where
// it has not. They stand beside the views of the webhooks and never replace one by
// less; what the two say of one facet is not added up, the newer one counts.
package export
