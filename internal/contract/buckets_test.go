package contract_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/contract"
)

const day = 24 * time.Hour

func expiry(bucket, key string) time.Duration {
	for _, e := range contract.Expiries() {
		if e.Bucket == bucket && strings.HasPrefix(key, e.Prefix) {
			return e.After
		}
	}
	return 0
}

func TestExpiries_AreOfBucketsAndInWholeDays(t *testing.T) {
	for _, e := range contract.Expiries() {
		if !slices.Contains(contract.Buckets(), e.Bucket) {
			t.Errorf("no bucket %q", e.Bucket)
		}
		if e.After <= 0 || e.After%day != 0 {
			t.Errorf("%s/%s expires after %v: lifecycle rules count days", e.Bucket, e.Prefix, e.After)
		}
	}
}

// A raw body is received, waits in a queue, is archived and expires. A bucket
// removes it at the next midnight, keeps what it removed for a day, and takes
// that at a midnight.
func TestRawBodiesAreGoneBeforeTheErasureDutyEnds(t *testing.T) {
	if last := contract.MaxArchived + expiry(contract.ArchiveBucket, contract.DeliveryKeys) + 2*day + contract.Replaced; last > contract.ErasureDuty {
		t.Errorf("a raw delivery is archived for up to %v", last)
	}
	if last := expiry(contract.ExportsBucket, "erp.csv") + 2*day + contract.Replaced; last <= 3*day || last > contract.ErasureDuty {
		t.Errorf("an export is kept for %v", last)
	}
	claims := expiry(contract.Claims, contract.ClaimKeys)
	for _, q := range contract.Queues() {
		if q.Retention >= contract.ErasureDuty {
			t.Errorf("%s keeps messages for %v", q.Name, q.Retention)
		}
		if claims <= q.Retention {
			t.Errorf("%s keeps messages for %v, what they claim is gone after %v", q.Name, q.Retention, claims)
		}
	}
	if got := expiry(contract.ArchiveBucket, contract.ObservationKeys); got != 0 {
		t.Errorf("observations expire after %v, and records could not be rebuilt", got)
	}
}
