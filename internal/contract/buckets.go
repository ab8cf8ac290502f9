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

	// ExportsBucket is the bucket of the systems' export files, under
	// exports/<system>/<kind>/, and of what load keeps of them while it reads.
	ExportsBucket = "exports"
	ExportKeys    = "exports/"
	LoadKeys      = "loads/"
)

// Buckets lists every S3 bucket.
func Buckets() []string { return []string{Claims, ArchiveBucket, ExportsBucket, BoardBucket} }

// ErasureDuty is how long after a request to forget somebody nothing of the
// person may be left.
const ErasureDuty = 30 * day

// Replaced is how long a bucket keeps an object that was removed or replaced.
const Replaced = day

const (
	// A claim outlives the message that refers to it.
	claimRetention = longRetention + day
	// rawRetention keeps what is raw below ErasureDuty, with days for removal.
	rawRetention = 25 * day
	// removal is how long it may take: an object expires at the midnight after
	// its day has come, and what is Replaced goes at a midnight too.
	removal = day + Replaced + day
)

// MaxArchived is the age of a delivery, since it was received, above which its
// raw body is archived no more: it would stay beyond ErasureDuty.
const MaxArchived = ErasureDuty - rawRetention - removal

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
