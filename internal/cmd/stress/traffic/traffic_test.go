package traffic_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/cmd/stress/traffic"
)

var nine = time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)

func TestStream_ATenthComesTwiceAndATenthOutOfOrder(t *testing.T) {
	const deliveries = 10_000
	s, again := traffic.NewStream(5, "SKU-", 100), traffic.NewStream(5, "SKU-", 100)
	seen, last, twice, overtaken := map[string]bool{}, map[string]uint64{}, 0, 0
	for range deliveries {
		d := s.Next(nine)
		if other := again.Next(nine); d.ID != other.ID || string(d.Body) != string(other.Body) {
			t.Fatalf("%s and %s are of one seed", d.ID, other.ID)
		}
		switch {
		case seen[d.ID]:
			twice++
		case d.Sequence < last["any"]:
			overtaken++
		}
		seen[d.ID], last["any"] = true, max(last["any"], d.Sequence)
	}
	if twice < deliveries/13 || twice > deliveries/8 || overtaken < deliveries/50 {
		t.Errorf("%d of %d came twice, %d were overtaken", twice, deliveries, overtaken)
	}
}

func TestFlash_TheLastOfAnyOrderIsTheValue(t *testing.T) {
	truth := traffic.NewTruth()
	all := traffic.Flash(5, "MUG", 1000, nine)
	for _, d := range all {
		truth.Acknowledged(d)
	}
	if len(all) < 1050 || truth.Deliveries() != 1000 || all[len(all)-1].Sequence == 1000 {
		t.Errorf("%d deliveries of %d changes, the last of which is change %d", len(all), truth.Deliveries(), all[len(all)-1].Sequence)
	}
	if err := truth.Stored(map[traffic.View]string{{System: traffic.ERP, SKU: "MUG"}: "1"}); err != nil {
		t.Error(err)
	}
}

func TestTruth_NoticesWhatIsWrong(t *testing.T) {
	truth := traffic.NewTruth()
	erp, shop := traffic.View{System: traffic.ERP, SKU: "MUG"}, traffic.View{System: traffic.Shop, SKU: "MUG"}
	truth.Acknowledged(traffic.Stock(traffic.ERP, "MUG", 2, 9, nine))
	truth.Acknowledged(traffic.Stock(traffic.ERP, "MUG", 1, 7, nine))
	truth.Acknowledged(traffic.Stock(traffic.Shop, "MUG", 1, 7, nine))
	for name, c := range map[string]struct {
		stored map[traffic.View]string
		right  bool
	}{
		"the newest":      {map[traffic.View]string{erp: "9", shop: "7"}, true},
		"an older value":  {map[traffic.View]string{erp: "7", shop: "7"}, false},
		"a lost view":     {map[traffic.View]string{erp: "9"}, false},
		"an invented one": {map[traffic.View]string{erp: "9", shop: "7", {System: traffic.ERP, SKU: "CUP"}: "1"}, false},
	} {
		if err := truth.Stored(c.stored); (err == nil) != c.right {
			t.Errorf("%s: %v", name, err)
		}
	}
	ids := map[string]bool{"erp-MUG-2": true, "erp-MUG-1": true, "shop-MUG-1": true}
	if err := truth.Kept("the archive", ids); err != nil {
		t.Error(err)
	}
	ids["erp-MUG-3"] = true
	if err := truth.Kept("the archive", ids); err == nil {
		t.Error("a delivery that nobody sent is not noticed")
	}
	delete(ids, "erp-MUG-3")
	delete(ids, "erp-MUG-1")
	if err := truth.Kept("the archive", ids); err == nil {
		t.Error("a delivery that is lost is not noticed")
	}
	if got := fmt.Sprint(truth.Disagreeing()); got != "[MUG]" {
		t.Errorf("the systems disagree about %s", got)
	}
}
