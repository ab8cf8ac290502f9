package contract

import "time"

// The buckets, and what the keys of their objects begin with.
const (
	// Claims is the bucket of messages that are too large for a queue.
	Claims    = "claims"
	ClaimKeys = "claims/"

	// ArchiveBucket is the bucket of what was merged: whole deliveries, and the
	// observations in them without personal data.
	ArchiveBucket   = "archive"
	DeliveryKeys    = "deliveries/"
	ObservationKeys = "observations/"

	// ExportsBucket is the bucket of the systems' export files.
	ExportsBucket = "exports"
)

// Buckets lists every S3 bucket.
func Buckets() []string { return []string{Claims, ArchiveBucket, ExportsBucket} }

// ErasureDuty is how long after a request to forget somebody nothing of the
// person may be left.
const ErasureDuty = 30 * day

const (
	// A claim outlives the message that refers to it.
	claimRetention = longRetention + day
	// rawRetention keeps what is raw below ErasureDuty, with a day for removal.
	rawRetention = 25 * day
)

// MaxArchived is the age of a delivery, since it was received, above which its
// raw body is archived no more: it would stay beyond ErasureDuty.
const MaxArchived = ErasureDuty - rawRetention - day

// Expiry removes objects some time after they were written.
type Expiry struct {
	Bucket string
	// Prefix limits it to keys that begin so; blank is the whole bucket.
	Prefix string
	// After is in whole days.
	After time.Duration
}

// Expiries lists what expires. Everything else is kept.
func Expiries() []Expiry {
	return []Expiry{
		{Bucket: Claims, Prefix: ClaimKeys, After: claimRetention},
		{Bucket: ArchiveBucket, Prefix: DeliveryKeys, After: rawRetention},
		{Bucket: ExportsBucket, After: rawRetention},
	}
}
