package alert_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/finding"
)

func TestCommon_AFewOthersDoNotHideWhatNearlyAllShare(t *testing.T) {
	prices := func(retail, trade int) alert.Alert {
		b := stock(finding.Late)
		for i := range retail + trade {
			list := "retail"
			if i >= retail {
				list = "trade"
			}
			b = b.with(member(fmt.Sprintf("SKU-%d@%s", i, list), "09:14", differs("available", "1", "2")), func(m *alert.Member) {
				m.Traits = alert.Traits{alert.ByList: list}
			})
		}
		return b.Alert
	}
	for _, c := range []struct {
		retail, trade int
		want          string
	}{
		{20, 0, "all in price list retail"},
		{9, 1, "9 of 10 in price list retail"},
		{18, 2, "18 of 20 in price list retail"},
		{17, 3, ""}, // no more than chance may do
		{8, 1, ""},  // too few to say
	} {
		evidence := alert.Compose(prices(c.retail, c.trade), at("10:00")).Evidence
		if c.want == "" {
			for _, line := range evidence {
				if line == fmt.Sprintf("%d of %d in price list retail", c.retail, c.retail+c.trade) {
					t.Errorf("%d and %d: told %q", c.retail, c.trade, line)
				}
			}
		} else if !slices.Contains(evidence, c.want) {
			t.Errorf("%d and %d: %q, want %q", c.retail, c.trade, evidence, c.want)
		}
	}
}
