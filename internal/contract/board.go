package contract

// BoardBucket is the bucket of the pages on which people see what is known. Nobody
// but its owner reads it: no page is public.
const (
	BoardBucket = "board"
	BoardKeys   = "board/"
)
