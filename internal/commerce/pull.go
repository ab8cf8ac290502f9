package commerce

import "strings"

// pulled begins the ids of what was read from an API because its time had come,
// and not because a delivery named it.
const pulled = "pull-"

// PulledID is the id of an answer that was read without a delivery that named it.
func PulledID(id string) string { return pulled + id }

// Pulled reports whether the delivery is such an answer: the system did not tell
// by itself what it says.
func Pulled(delivery string) bool { return strings.HasPrefix(delivery, pulled) }
