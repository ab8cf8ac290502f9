package compare

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/commerce"
)

// parted is a file in memory that is given away in parts of a few rows.
type parted struct {
	memory
	size int
	// trouble ends it, unless it is nil.
	trouble error
}

func (f parted) Rows() (Rows, error) { return &partedRows{memoryRows{memory: f.memory}, f}, nil }

type partedRows struct {
	memoryRows
	file parted
}

func (r *partedRows) Parts() func() (Rows, error) {
	at := 0
	return func() (Rows, error) {
		if at == len(r.memory) {
			if r.file.trouble != nil {
				return nil, r.file.trouble
			}
			return nil, io.EOF
		}
		from := at
		at = min(at+r.file.size, len(r.memory))
		return &memoryRows{r.memory[:at], from}, nil
	}
}

// inParts is a plan by which files are read in parts, however many processors there
// are.
func inParts() Plan {
	p := plan(stock)
	p.workers = 3
	return p
}

func TestPartsCompareAsTheFileDoes(t *testing.T) {
	row := rapid.Custom(func(t *rapid.T) []string {
		return []string{
			rapid.SampledFrom([]string{"bad", "MUG-1", "MUG-2", "CAP-1", "TEE-1"}).Draw(t, "key") + fmt.Sprint(rapid.IntRange(0, 9).Draw(t, "number")),
			rapid.SampledFrom([]string{"", "east", "west"}).Draw(t, "location"),
			rapid.SampledFrom([]string{"-", "", "1", "2", "12345678901234.5"}).Draw(t, "stock"),
		}
	})
	bad := rapid.Just([]string{"bad", "", ""})
	rapid.Check(t, func(rt *rapid.T) {
		left := memory(rapid.SliceOfN(rapid.OneOf(row, row, row, bad), 0, 60).Draw(rt, "left"))
		right := memory(rapid.SliceOfN(row, 0, 60).Draw(rt, "right"))
		size := rapid.IntRange(1, 20).Draw(rt, "size")
		want := compare(t, plan(stock), left, right)
		got, err := Compare(t.Context(), Files{parted{memory: left, size: size}, parted{memory: right, size: size}}, inParts())
		if err != nil {
			rt.Fatal(err)
		}
		if d := cmp.Diff(want, got, cmpopts.IgnoreUnexported(Plan{}, Finding{}), cmpopts.EquateComparable(commerce.Decimal{})); d != "" {
			rt.Fatalf("-whole +parts: %s", d)
		}
	})
}

// Of very many rows that cannot be read, the first are listed, whoever read them.
func TestPartsListTheFirstRejectedRows(t *testing.T) {
	var rows memory
	for range maxRejected + 500 {
		rows = append(rows, []string{"bad", "", ""})
	}
	want := compare(t, plan(stock), rows, memory{})
	got, err := Compare(t.Context(), Files{parted{memory: rows, size: 100}, memory{}}, inParts())
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want.Rejected, got.Rejected); d != "" || got.Dropped != 500 {
		t.Errorf("%d dropped, -whole +parts: %s", got.Dropped, d)
	}
}

// What breaks a file off ends the comparison, however many goroutines read it.
func TestPartsReportWhatBreaksTheFile(t *testing.T) {
	broken := errors.New("broken")
	rows := memory{{"A", "east", "1"}, {"B", "east", "2"}}
	for _, files := range []Files{{parted{rows, 1, broken}, rows}, {rows, parted{rows, 5, broken}}} {
		if _, err := Compare(t.Context(), files, inParts()); !errors.Is(err, broken) {
			t.Errorf("got %v", err)
		}
	}
}
