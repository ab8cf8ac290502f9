package judge_test

import (
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
)

const night = 24 * 60

// nights is a history of files: the ERP's of each night at nine, the shop's half an
// hour later. A night is the values of both.
func nights(values ...[2]string) *history {
	h := stockHistory()
	for i, v := range values {
		h.erp(i*night, v[0]).shop(i*night+30, v[1])
	}
	return h
}

// asOf are the newest files of the last of so many nights.
func asOf(n int) judge.Context {
	return judge.Context{Files: map[string]time.Time{"erp": minutes((n - 1) * night), "shop": minutes((n-1)*night + 30)}}
}

func TestJudge_OfTwoFilesTheOlderOneSaysHowMuchIsKnown(t *testing.T) {
	for _, c := range []struct {
		name   string
		nights [][2]string
		want   judge.Outcome
	}{
		{"they agree", [][2]string{{"14", "14"}}, judge.Agree},
		{"one night alone tells no lag from a fault", [][2]string{{"9", "14"}}, judge.Pending},
		{"sold between the two files", [][2]string{{"14", "14"}, {"14", "13"}}, judge.Pending},
		{"sold a lot every day, and always a little between the files", [][2]string{{"14", "13"}, {"10", "9"}, {"6", "4"}, {"2", "1"}}, judge.Pending},
		{"the shop follows a night later", [][2]string{{"14", "14"}, {"9", "14"}, {"9", "9"}}, judge.Agree},
		{"the shop stands still for a night", [][2]string{{"14", "14"}, {"9", "14"}, {"9", "14"}}, judge.Differ},
		{"the shop stands still while the ERP moves", [][2]string{{"14", "13"}, {"9", "13"}, {"8", "13"}}, judge.Differ},
		{"the ERP stands still while the shop sells", [][2]string{{"14", "14"}, {"14", "9"}, {"14", "8"}}, judge.Differ},
		{"always seven more, while both sell a little", [][2]string{{"30", "37"}, {"29", "36"}}, judge.Differ},
		{"seven more than last night, when they agreed", [][2]string{{"30", "30"}, {"20", "27"}}, judge.Pending},
		{"a little more, while both sell a lot", [][2]string{{"90", "93"}, {"50", "53"}}, judge.Pending},
		{"both stand still and differ", [][2]string{{"14", "13"}, {"14", "13"}}, judge.Differ},
	} {
		now := minutes((len(c.nights)-1)*night + 31)
		rule, h := stock(t, "from.free"), nights(c.nights...)
		if c.nights[0][0] != c.nights[0][1] {
			h.row.Marks = map[string]record.Mark{rule.Name(): {Since: nine, First: nine}} // they differed from the first night on
		}
		v := judge.Judge(rule, h.row, asOf(len(c.nights)), now)
		if v.Outcome != c.want || v.Outcome == judge.Differ && v.Since.Before(nine) {
			t.Errorf("%s: %s (%s), want %s", c.name, v.Outcome, v.Why, c.want)
		}
	}
}

func TestJudge_WhatWaitsForAFileSaysSo(t *testing.T) {
	h := nights([2]string{"14", "14"}, [2]string{"9", "14"})
	now := minutes(night + 10*60)
	v := judge.Judge(stock(t, "from.free"), h.row, asOf(2), now)
	if v.Outcome != judge.Pending || !strings.Contains(v.Why, "newest file of erp") || !v.Due.After(now) {
		t.Errorf("%s, due %s: %s", v.Outcome, v.Due, v.Why)
	}
	if v := judge.Judge(stock(t, "from.free"), h.row, judge.Context{}, now); v.Outcome != judge.Differ {
		t.Errorf("%s where both sides are heard, want a difference", v.Outcome)
	}
}

func TestJudge_AHeardSideIsJudgedAsOfTheOthersFile(t *testing.T) {
	files := judge.Context{Files: map[string]time.Time{"erp": nine}}
	sold := stockHistory().erp(0, "14").shop(0, "14").shop(60, "13")
	if v := judge.Judge(stock(t, "from.free"), sold.row, files, minutes(600)); v.Outcome != judge.Pending {
		t.Errorf("sold since the ERP's file: %s (%s)", v.Outcome, v.Why)
	}
	files.Files["erp"] = minutes(night)
	if v := judge.Judge(stock(t, "from.free"), sold.row, files, minutes(night+1)); v.Outcome != judge.Differ {
		t.Errorf("sold a day before the ERP's file: %s (%s)", v.Outcome, v.Why)
	}
}

func TestJudge_WhatTheOlderFileCannotHaveIsNotMissing(t *testing.T) {
	paid := commerce.Facets{"payment": commerce.Text("paid"), "cancelled": commerce.Bool(false)}
	h := orderHistory().say(0, "shop", "1042", paid)
	c := judge.Context{
		Covered: map[string]time.Time{}, Snapshot: map[string]time.Time{"erp": minutes(15)},
		Files: map[string]time.Time{"erp": minutes(15), "shop": minutes(60)},
	}
	if v := judge.Judge(present(t, registry.Present), h.row, c, minutes(60)); v.Outcome == judge.Differ {
		t.Errorf("%s: the ERP's file is from before the settle time was over", v.Outcome)
	}
	c.Snapshot["erp"], c.Files["erp"] = minutes(night), minutes(night)
	if v := judge.Judge(present(t, registry.Present), h.row, c, minutes(night+30)); v.Outcome != judge.Differ {
		t.Errorf("%s (%s): the ERP's next file lacks it", v.Outcome, v.Why)
	}
}
