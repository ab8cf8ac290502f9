package alert_test

import (
	"testing"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/finding"
)

func TestHandOver_AnotherTeamGetsAMessageOfItsOwnAndTimeToAnswer(t *testing.T) {
	a := manyAtEast().Alert
	a.Channel, a.Timestamp, a.Told, a.Sent, a.Taken = "C1", "1.2", a.Seq, a.Opened, alert.Taken{By: "U1", At: a.Opened}
	to := alert.Owner{Team: "stock", Slack: "#counts"}
	next, news := alert.HandOver(a, to)
	if !news || next.Owner != to || next.Seq != a.Seq+1 {
		t.Errorf("owner %+v, news %v, seq %d", next.Owner, news, next.Seq)
	}
	if next.Timestamp != "" || next.Told != 0 || !next.Sent.IsZero() || next.Taken != (alert.Taken{}) {
		t.Errorf("the former team's message and answer stay: message %q, told %d, sent %v, taken %+v", next.Timestamp, next.Told, next.Sent, next.Taken)
	}
	if _, news := alert.HandOver(next, to); news {
		t.Error("the same owner again is news")
	}
	person := to
	person.Person = "U9"
	if same, news := alert.HandOver(next, person); !news || same.Taken != next.Taken {
		t.Error("another person of the team is not told, or the answer is lost")
	}
	a.Closed = a.Opened
	if _, news := alert.HandOver(a, to); news {
		t.Error("an alert that is over was handed over")
	}
}

func TestUpdate_ASnoozeThatIsOverIsToldAndNobodyHasAnswered(t *testing.T) {
	a := manyAtEast().Alert
	m := a.Members[0]
	m.State, m.Until, m.Rev = finding.Acknowledged, a.Opened.AddDate(0, 0, 1), m.Rev+1
	a, _ = alert.Update(a, m)
	a.Taken = alert.Taken{By: "U1", At: a.Opened}
	m.State, m.Rev = finding.Open, m.Rev+1
	m.Until = alert.Member{}.Until
	back, changed := alert.Update(a, m)
	if !changed || back.Members[0].Back != back.Seq || back.Taken != (alert.Taken{}) {
		t.Errorf("changed %v, back at %d of %d, taken %+v", changed, back.Members[0].Back, back.Seq, back.Taken)
	}
}
