package dynamo

import (
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/store"
	"github.com/plumbline/plumbline/internal/store/storetest"
)

func TestRow_ComesBackAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		row := storetest.Rows().Draw(t, "row")
		it, err := EncodeRow(row)
		if err != nil {
			t.Fatal(err)
		}
		got, err := DecodeRow(it)
		if err != nil {
			t.Fatal(err)
		}
		want := store.Kept(row)
		want.Rev++
		if diff := storetest.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestRow_MissingNullBlankAndZeroAreFourValues(t *testing.T) {
	facets := []commerce.Facets{
		nil,
		{"cost": commerce.Null()},
		{"cost": commerce.Number(commerce.Decimal{})},
		{"cost": commerce.Number(commerce.Int(1))},
	}
	for _, now := range facets {
		for _, before := range facets {
			row := inventoryRow()
			row.Views[0].Facets = now
			row.Views[0].Was = []record.Past{{Facets: before}}
			got := roundTrip(t, row)
			if !got.Views[0].Facets.Equal(now) || !got.Views[0].Was[0].Facets.Equal(before) {
				t.Errorf("now %v, before %v: got %v and %v", now, before, got.Views[0].Facets, got.Views[0].Was[0].Facets)
			}
		}
	}
}

func TestRow_EarlierValuesKeepOnlyWhatChanged(t *testing.T) {
	row := inventoryRow()
	row.Views[0].Facets = commerce.Facets{"available": commerce.Number(commerce.Int(17)), "tracked": commerce.Bool(true)}
	row.Views[0].Was = []record.Past{{Facets: commerce.Facets{"available": commerce.Number(commerce.Int(18)), "tracked": commerce.Bool(true)}}}
	it, err := EncodeRow(row)
	if err != nil {
		t.Fatal(err)
	}
	r := &reader{}
	past := r.element(r.list(r.nested(it, viewName(row.Views[0].ViewID)), viewWas)[0])
	if stored := r.nested(past, viewFacets); len(stored) != 1 || r.text(stored, "available") != "18" {
		t.Errorf("stored %v, want available alone", stored)
	}
}

func TestRow_OfANewerCodecIsLeftAlone(t *testing.T) {
	it, err := EncodeRow(inventoryRow())
	if err != nil {
		t.Fatal(err)
	}
	it[attrCodec] = number(rowCodec + 1)
	if _, err := DecodeRow(it); !errors.Is(err, store.ErrNewer) {
		t.Errorf("got %v, want ErrNewer", err)
	}
}

func TestRow_TheLastChangeOfAViewIsWrittenOnce(t *testing.T) {
	at := time.Unix(1_772_546_400, 0).UTC()
	row := inventoryRow()
	row.Views[0].Received, row.Views[0].Delivery = at, "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043"
	row.Views[0].Was = []record.Past{{Until: at, Delivery: row.Views[0].Delivery}, {Until: at.Add(-time.Hour), Delivery: "d-1"}}
	if got := roundTrip(t, row).Views[0].Was; !slices.EqualFunc(got, row.Views[0].Was, func(a, b record.Past) bool {
		return a.Until.Equal(b.Until) && a.Delivery == b.Delivery
	}) {
		t.Errorf("%+v, want %+v", got, row.Views[0].Was)
	}
	it, err := EncodeRow(row)
	if err != nil {
		t.Fatal(err)
	}
	r := &reader{}
	was := r.list(r.nested(it, viewName(row.Views[0].ViewID)), viewWas)
	if last := r.element(was[0]); len(last) != 1 || !r.flag(last, pastLast) {
		t.Errorf("the value before the last change is stored as %v, want a flag alone", last)
	}
}

func TestRow_AFacetWhoseTypeChangedStaysReadable(t *testing.T) {
	row := inventoryRow()
	row.Views[0].Facets = commerce.Facets{"available": commerce.Text("many"), "retired": commerce.Text("12")}
	if got := roundTrip(t, row); !got.Views[0].Facets.Equal(row.Views[0].Facets) {
		t.Errorf("got %v, want both as text", got.Views[0].Facets)
	}
}

func TestRow_IsInTheIndexOnlyWhileDue(t *testing.T) {
	row := inventoryRow()
	it, err := EncodeRow(row)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{contract.Due, contract.Shard, contract.TTL} {
		if _, ok := it[name]; ok {
			t.Errorf("a row at rest has %s", name)
		}
	}
	row.Due = time.Unix(1_772_546_400, 0)
	row.Expires = time.Unix(1_772_546_400, 1)
	if it, err = EncodeRow(row); err != nil {
		t.Fatal(err)
	}
	r := &reader{}
	if r.number(it, contract.Due) != 1_772_546_400 || r.number(it, contract.TTL) != 1_772_546_401 || it[contract.Shard] == nil {
		t.Errorf("due %v, shard %v, ttl %v", it[contract.Due], it[contract.Shard], it[contract.TTL])
	}
}

func TestRow_TwoViewsOfOneIdentityAreRefused(t *testing.T) {
	row := inventoryRow()
	row.Views = append(row.Views, row.Views[0])
	if _, err := EncodeRow(row); err == nil {
		t.Error("accepted")
	}
}

func TestRow_DamageIsAnErrorThatNamesTheAttribute(t *testing.T) {
	it, err := EncodeRow(inventoryRow())
	if err != nil {
		t.Fatal(err)
	}
	view := viewName(inventoryRow().Views[0].ViewID)
	for name, broken := range map[string]types.AttributeValue{
		attrRev: text("1"), contract.Due: text("soon"), view: text("x"), contract.PK: text("inventory|99:x"), attrWaiting: list([]string{"x"}, text),
	} {
		damaged := maps.Clone(it)
		damaged[name] = broken
		if _, err := DecodeRow(damaged); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func FuzzParseLine(f *testing.F) {
	f.Add("2|4:eastMUG-BLU")
	f.Add("1|0:A|B")
	f.Add("x|9:")
	f.Fuzz(func(t *testing.T, s string) {
		l, ok := parseLine(s)
		if !ok {
			return
		}
		m := item{}
		putLines(m, []commerce.Line{l})
		if got := (&reader{}).lines(m); len(got) != 1 || got[0] != l {
			t.Errorf("%q: read %v, then %v", s, l, got)
		}
	})
}

func roundTrip(t *testing.T, row record.Row) record.Row {
	t.Helper()
	it, err := EncodeRow(row)
	if err != nil {
		t.Fatal(err)
	}
	got, err := DecodeRow(it)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func inventoryRow() record.Row {
	return record.Row{
		Kind: commerce.Inventory, Key: commerce.Key{"MUG-BLU", "east"},
		Views: []record.View{{ViewID: record.ViewID{System: "erp", Part: "level", Native: "MUG-BLU/EAST"}}},
	}
}
