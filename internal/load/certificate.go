package load

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// State is how far a load is.
type State string

// The states of a load.
const (
	// Reading is while the file is read.
	Reading State = "reading"
	// Read is when all its rows are on their way, and what follows from the file as
	// a whole is still to be concluded.
	Read State = "read"
	// Done is when everything that follows from the file has been concluded.
	Done State = "done"
	// Refused is a file of which no row could be read.
	Refused State = "refused"
)

// Certificate says what was read of a file, and what follows from it.
type Certificate struct {
	// Load names the load: the same object, unchanged, has the same.
	Load   string        `json:"load"`
	System string        `json:"system"`
	Kind   commerce.Kind `json:"kind"`
	// Object is the key of the file. Beside it lies the report.
	Object string `json:"object"`
	// List is what was read of the system's API instead of a file, or blank.
	List string `json:"list,omitempty"`
	// As is how the file was read.
	As    string `json:"as,omitempty"`
	State State  `json:"state"`
	// AsOf is how old the file's rows are that carry no time of their own, and
	// AsOfFrom where that was taken from.
	AsOf     time.Time `json:"as_of"`
	AsOfFrom string    `json:"as_of_from"`
	// Started is when the first row was read, Ended when the last one was, and
	// Concluded when all that follows was concluded.
	Started   time.Time `json:"started"`
	Ended     time.Time `json:"ended,omitzero"`
	Concluded time.Time `json:"concluded,omitzero"`
	// Waits is until when webhooks may come that the file could make look lost; zero
	// where none are awaited.
	Waits time.Time `json:"waits,omitzero"`
	// Rows are all rows of the file, Records those that became a record's values,
	// and Keys the distinct keys among them.
	Rows    int `json:"rows"`
	Records int `json:"records"`
	Keys    int `json:"keys"`
	// Rejected rows cannot be read, Unmapped ones are of locations that the registry
	// does not know.
	Rejected int `json:"rejected"`
	Unmapped int `json:"unmapped"`
	// Unmerged counts the messages of rows, of at most 50 each, that were sent and are
	// not merged though nothing waits any more: they are dead letters, and come back
	// with a redrive. As long as there are any, nothing is concluded.
	Unmerged int `json:"unmerged_messages,omitempty"`
	// Bytes and Checksum (SHA-256) are those of the file as it was stored.
	Bytes    int64  `json:"bytes"`
	Checksum string `json:"checksum,omitempty"`
	// KeysChecksum (SHA-256) is that of the sorted set of keys: two files of the same
	// records have the same.
	KeysChecksum string `json:"keys_checksum,omitempty"`
	// Declared is the number of rows that whoever wrote the file counted, or null.
	Declared *int `json:"declared_rows"`
	// Complete says that the file was declared to hold all records of its kind, and
	// Truncated that not all of it could be read.
	Complete  bool `json:"complete"`
	Truncated bool `json:"truncated"`
	// Concludes says that what the file lacks counts as gone. Otherwise Why says why
	// not.
	Concludes bool   `json:"concludes"`
	Why       string `json:"why,omitempty"`
	// Compared says that the file was compared with what webhooks told.
	Compared bool `json:"compared"`
	// Gone counts the records that the file lacks and the system had. Lost are
	// records of which the file tells what a webhook should have told, of Told+Lost
	// that changed since Since.
	Gone  int       `json:"gone"`
	Lost  int       `json:"lost_webhooks"`
	Told  int       `json:"told_by_webhooks"`
	Since time.Time `json:"since,omitzero"`
	// Samples are the first of the lost ones.
	Samples []string `json:"lost_samples,omitempty"`
}

// place is where the file lies.
func (c Certificate) place() Place {
	p, _ := PlaceOf(c.Object)
	return p
}

// delivery is the id under which the load says what follows from the whole file.
func (c Certificate) delivery() string { return "load-" + c.Load }

// over reports whether nothing more comes of the load.
func (c Certificate) over() bool { return c.State == Done || c.State == Refused }
