package export

// Match is one reading of a file's header.
type Match struct {
	// Mapping has the columns of this very header; those that it lacks are left out.
	Mapping Mapping
	// Title is what people call such a file: "Shopify inventory".
	Title string
	// Score is between 0 and 1: how much of what such a file has is there.
	Score float64
	// Reasons say in words why, the weightiest first.
	Reasons []string
	// Ambiguous names the readings that fit as well, or says of a guess what else it
	// could be. The user has to choose then.
	Ambiguous []string
}
