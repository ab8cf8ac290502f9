package commerce

// Erasure is a legal request to forget: of one customer, or of a whole shop when
// a platform names no Native. It names the customer as suppressions do, by a keyed
// hash and native ids, and holds nothing else of the person. Plumbline's own people
// may name somebody by Hash or Orders alone.
type Erasure struct {
	// System is the registry's name of the system that asks, or Plumbline.
	System string
	// Native is the system's customer id.
	Native string
	// Hash is the customer's key, blank when the request does not carry it.
	Hash string
	// Orders are native ids of the customer's orders.
	Orders []string
}
