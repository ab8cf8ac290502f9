package fetch

// For tests of addresses.
var (
	IsPublic = isPublic
	Public   = public
)
