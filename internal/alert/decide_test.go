package alert_test

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/finding"
)

const dana, lee = "U024BE7LH", "U024BE7LK"

// decision is Dana's, about the whole alert.
func decision(action finding.Action, clock string) finding.Decision {
	d := finding.Decision{ID: string(action) + clock, Action: action, By: dana, At: at(clock)}
	switch action {
	case finding.Acknowledge, finding.Reopen, finding.Snooze: // say no more
	case finding.Assign:
		d.To = lee
	case finding.Waive:
		d.Until, d.Reason = at("00:00").AddDate(0, 0, 8), "the count is on <Friday> & nobody sells before"
	}
	return d
}

// change makes the alert tell its finding of the key otherwise.
func (b built) change(key string, change func(*alert.Member)) built {
	i := slices.IndexFunc(b.Members, func(m alert.Member) bool { return m.Key == key })
	m := b.Members[i]
	change(&m)
	b.Alert, _ = alert.Update(b.Alert, m)
	return b
}

// decided takes a decision about the alert and those of its findings that it
// concerns.
func (b built) decided(d finding.Decision) built {
	concerned := b.Concerns(d.Action)
	b.Alert, _ = alert.Decide(b.Alert, d)
	for _, m := range b.Members {
		if !slices.Contains(concerned, m.Finding) {
			continue
		}
		b = b.change(m.Key, func(m *alert.Member) {
			switch d.Action {
			case finding.Assign: // the state stays
			case finding.Acknowledge, finding.Snooze:
				m.State = finding.Acknowledged
			case finding.Waive:
				m.State, m.Waived, m.Until = finding.Waived, d.At, d.Until
			case finding.Reopen:
				m.State, m.Waived, m.Until = finding.Open, time.Time{}, time.Time{}
			}
		})
	}
	return b
}

func seen(b built) built {
	b.Shown, b.Told = b.Seq, b.Seq
	return b
}

func acknowledgedStock() built {
	b := fourSKUs()
	b.Owner.Person = dana
	return seen(b).decided(decision(finding.Acknowledge, "09:55"))
}

func assignedStock() built { return seen(fourSKUs()).decided(decision(finding.Assign, "09:55")) }

func waivedStock() built { return seen(fourSKUs()).decided(decision(finding.Waive, "09:55")) }

func ended(clock string) func(*alert.Member) {
	return func(m *alert.Member) {
		m.State, m.Resolved, m.Waived, m.Until = finding.Resolved, at(clock), time.Time{}, time.Time{}
	}
}

func waivedInPart() built {
	b := fourSKUs().change("CAP-BLK@east", ended("09:50"))
	b = b.change("MUG-BLU@east", func(m *alert.Member) {
		m.State, m.Waived, m.Until = finding.Waived, at("09:55"), at("00:00").AddDate(1, 0, 1)
	})
	return seen(b).change("SOCK-M@east", ended("10:31")).change("TEE-RED-M@east", ended("10:31"))
}

func backAgain() built {
	return seen(waivedStock()).change("MUG-BLU@east", func(m *alert.Member) {
		m.State, m.Waived, m.Until, m.Differences = finding.Open, time.Time{}, time.Time{}, []finding.Difference{differs("available", "94", "9")}
	})
}

func TestAnAlertWhoseRestIsWaivedIsOverAndComesBack(t *testing.T) {
	b := waivedStock()
	if b.Open() != 0 || !b.Closed.Equal(at("09:55")) || b.Over != b.Seq || b.Takes(at("09:56")) {
		t.Errorf("%d open, closed %v at Seq %d of %d", b.Open(), b.Closed, b.Over, b.Seq)
	}
	if m := alert.Compose(b.Alert, at("09:56")); !m.Closed || m.FirstCheck != "" || !slices.Equal(m.Offers, []finding.Action{finding.Reopen}) {
		t.Errorf("message %+v", m)
	}
	b = backAgain()
	if b.Open() != 1 || !b.Closed.IsZero() || b.Over != 0 {
		t.Errorf("%d open, closed %v at Seq %d after one waiver was over", b.Open(), b.Closed, b.Over)
	}
	if b = b.change("MUG-BLU@east", ended("12:00")); !b.Closed.Equal(at("12:00")) || b.Over != b.Seq {
		t.Errorf("closed %v at Seq %d of %d when it ended", b.Closed, b.Over, b.Seq)
	}
}

func TestTheValuesOfAWaivedFindingAreKeptAndNotTold(t *testing.T) {
	b := seen(waivedStock())
	after := b.change("MUG-BLU@east", func(m *alert.Member) { m.Differences = []finding.Difference{differs("available", "15", "9")} })
	if after.Seq != b.Seq || cmp.Equal(after.Members, b.Members, exact) {
		t.Errorf("Seq rose from %d to %d, values kept: %t", b.Seq, after.Seq, !cmp.Equal(after.Members, b.Members, exact))
	}
}

func TestLateNewsDoesNotTakeADecisionBack(t *testing.T) {
	b := fourSKUs()
	m := b.Members[0]
	m.Rev, m.State, m.Waived, m.Until = 5, finding.Waived, at("09:55"), at("00:00").AddDate(0, 0, 8)
	b.Alert, _ = alert.Update(b.Alert, m)
	late := m
	late.Rev, late.State, late.Waived, late.Until = 3, finding.Open, time.Time{}, time.Time{}
	if _, changed := alert.Update(b.Alert, late); changed {
		t.Error("what was read before the decision was told after it")
	}
	late.Rev = 5
	if _, changed := alert.Update(b.Alert, late); !changed {
		t.Error("what was read after the decision was not told")
	}
}

func TestFindingsBeyondTheBoundAreWaivedToo(t *testing.T) {
	var a alert.Alert
	for i := range alert.MaxMembers + 3 {
		m := member(strings.Repeat("S", i+1)+"@east", "09:14")
		a, _ = alert.Join(a, m, m.Opened)
	}
	concerned := a.Concerns(finding.Waive)
	if len(concerned) != alert.MaxMembers+3 {
		t.Fatalf("%d findings are concerned", len(concerned))
	}
	for i, id := range concerned {
		f := finding.Finding{ID: id, State: finding.Waived, Rev: 2, Waiver: &finding.Waiver{At: at("09:55"), Until: at("12:00")}}
		var changed bool
		if a, changed = alert.Refresh(a, f); !changed || a.Closed.IsZero() != (i < len(concerned)-1) {
			t.Fatalf("after %d of %d: changed %t, closed %v", i+1, len(concerned), changed, a.Closed)
		}
		if a, changed = alert.Refresh(a, f); changed {
			t.Fatalf("%d: the second time changed it", i)
		}
	}
	if a.More != 0 || len(a.Concerns(finding.Waive)) != 0 || len(a.Concerns(finding.Reopen)) != len(concerned) {
		t.Errorf("%d more, %d concerned, %d to reopen", a.More, len(a.Concerns(finding.Waive)), len(a.Concerns(finding.Reopen)))
	}
	last := concerned[len(concerned)-1]
	if b, _ := alert.Refresh(a, finding.Finding{ID: last, State: finding.Open, Rev: 1}); b.Open() != 0 {
		t.Error("late news opened one again")
	}
	b, _ := alert.Refresh(a, finding.Finding{ID: last, State: finding.Open, Rev: 3})
	if b.Open() != 1 || b.More != 1 || !b.Closed.IsZero() {
		t.Errorf("%d open and %d more after one waiver was over", b.Open(), b.More)
	}
	if b, _ = alert.Refresh(b, finding.Finding{ID: last, State: finding.Resolved, Resolved: at("11:00"), Rev: 4}); b.Open() != 0 || !b.Closed.Equal(at("11:00")) {
		t.Errorf("%d open, closed %v", b.Open(), b.Closed)
	}
}

func TestADecisionAboutAnAlertIsNotedOnce(t *testing.T) {
	a := fourSKUs().Alert
	for _, c := range []struct {
		action finding.Action
		taken  string
	}{{finding.Acknowledge, dana}, {finding.Assign, lee}, {finding.Waive, lee}, {finding.Reopen, ""}} {
		next, changed := alert.Decide(a, decision(c.action, "09:55"))
		if !changed || next.Taken.By != c.taken || next.Seq != a.Seq+1 || len(next.Decided) != len(a.Decided)+1 {
			t.Errorf("%s: changed %t, taken by %q, Seq %d after %d", c.action, changed, next.Taken.By, next.Seq, a.Seq)
		}
		if again, changed := alert.Decide(next, decision(c.action, "09:55")); changed {
			t.Errorf("%s twice: %s", c.action, cmp.Diff(next, again, exact))
		}
		a = next
	}
}

func TestTheBandOfAWaiverIsWhatIsOpenNow(t *testing.T) {
	b := fourSKUs().change("CAP-BLK@east", ended("09:50"))
	facet, low, high := b.Band()
	if facet != "available" || low.String() != "2" || high.String() != "5" {
		t.Errorf("from %s to %s, want 2 to 5", low, high)
	}
	b = b.with(member("BAG@east", "09:14", finding.Difference{Facet: "tracked", Expected: "true", Actual: "missing"}), nil)
	if _, low, high = b.Band(); low != nil || high != nil {
		t.Errorf("from %v to %v although one difference is no number", low, high)
	}
}

func TestTheThreadTellsEachStepOnce(t *testing.T) {
	b := fourSKUs()
	told := int64(0)
	var texts []string
	step := func(next built) {
		b = next
		if r, ok := alert.Thread(b.Alert, told, at("12:00")); ok {
			texts = append(texts, r.Text)
			told = r.Seq
		}
	}
	step(b)
	step(b)
	step(b.with(member("HAT@east", "10:00", differs("available", "3", "1")), nil))
	step(b.change("HAT@east", func(m *alert.Member) { m.Differences = []finding.Difference{differs("available", "4", "1")} }))
	step(b.decided(decision(finding.Acknowledge, "10:05")))
	step(b.decided(decision(finding.Assign, "10:06")))
	step(b.change("MUG-BLU@east", ended("10:10")))
	step(b.decided(decision(finding.Waive, "10:15")))
	step(b.change("HAT@east", func(m *alert.Member) { m.State, m.Waived, m.Until = finding.Open, time.Time{}, time.Time{} }))
	step(b.change("HAT@east", ended("11:00")))
	step(b.decided(decision(finding.Reopen, "11:10")))
	step(resolve(b, "11:30"))
	want := []string{
		"*4 SKUs at east*", "1 more (HAT)", "Acknowledged by <@U024BE7LH>", "Assigned to <@U024BE7LK> by <@U024BE7LH>",
		"1 agrees again", "Waived until 10 Mar by <@U024BE7LH>: the count is on &lt;Friday&gt; &amp; nobody sells before",
		"1 open again (HAT)", "Waived until 10 Mar: 3 SKUs at east: shopify-us shows 47, erp expects 31",
		"Opened again by <@U024BE7LH>", "Agree again 11:30, after 2 h 16 min; worst +10 — 5 SKUs at east",
	}
	if diff := cmp.Diff(want, texts); diff != "" {
		t.Errorf("replies (-want +got):\n%s", diff)
	}
}

func TestAReplyFitsIntoSlack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := stock(finding.ValueDiffers)
		text := rapid.OneOf(rapid.StringN(0, 400, 1200), rapid.Just(strings.Repeat("&", 300)))
		for range rapid.IntRange(1, 60).Draw(t, "members") {
			b = b.with(member(text.Draw(t, "key")+"@east", "09:14", differs("available", "1", "2")), func(m *alert.Member) {
				m.Why, m.Source, m.Delivery = text.Draw(t, "why"), "erp", text.Draw(t, "delivery")
				m.Impact, m.Currency = number("9.5"), "USD"
				m.Links = map[string]string{"erp": "https://erp.acme.example/" + strings.Repeat("a", 250), "wms": "https://wms.acme.example/" + strings.Repeat("b", 250)}
			})
		}
		d := decision(finding.Waive, "09:55")
		d.Reason = text.Draw(t, "reason")
		b.Alert, _ = alert.Decide(b.Alert, d)
		r, ok := alert.Thread(b.Alert, 0, at("12:00"))
		if !ok {
			t.Fatal("the first reply says nothing")
		}
		all := 0
		for _, section := range r.Sections {
			n := utf8.RuneCountInString(section)
			if all += n; n == 0 || n > alert.MaxSection {
				t.Fatalf("a section of %d characters", n)
			}
		}
		if all > 13_000 || len(r.Sections) > 10 {
			t.Fatalf("%d characters in %d sections", all, len(r.Sections))
		}
	})
}

func TestMailSaysWhyItIsRead(t *testing.T) {
	b := acknowledgedStock()
	p := alert.Mail(b.Alert, at("09:58"))
	if p.Attributes["owner"] != "inventory-ops" || p.Subject != "[critical] 4 SKUs at east: shopify-us shows 61, erp expects 40 - 44 min, $304 at risk" {
		t.Errorf("subject %q, attributes %v", p.Subject, p.Attributes)
	}
	if !strings.Contains(p.Text, "First check: ") || !strings.Contains(p.Text, "Slack does not take") || strings.Contains(p.Text, dana) {
		t.Errorf("text\n%s", p.Text)
	}
}
