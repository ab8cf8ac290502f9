package businesscentral_test

import (
	"testing"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
)

// lacking lists the entities that a reading reports to have no subscription.
func lacking(r platform.Reading) (sets []string) {
	for _, o := range r.Observations {
		if o.Kind == commerce.Mapping && !o.Gone {
			sets = append(sets, o.Native)
		}
	}
	return sets
}

func TestWhatALaterPageOfSubscriptionsLacksMayHaveStoodOnAnEarlierOne(t *testing.T) {
	e := newEndpoint(t)
	whole := delivered(t, "subscriptions")
	if sets := lacking(reading(t, e, whole)); len(sets) == 0 {
		t.Fatal("the sample lacks no subscription")
	}
	later := delivered(t, "subscriptions")
	later.Header[platform.FetchedHeader] += "&$skiptoken=100"
	if sets := lacking(reading(t, e, later)); len(sets) > 0 {
		t.Errorf("a later page alone reports that %v have none", sets)
	}
}
