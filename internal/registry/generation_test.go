package registry_test

import (
	"os"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/registry"
)

func TestGeneration_ChangesWithWhatIsSaidAndNotWithHow(t *testing.T) {
	content, err := os.ReadFile("testdata/good/design.yaml")
	if err != nil {
		t.Fatal(err)
	}
	table, err := os.ReadFile("testdata/good/buffer.csv")
	if err != nil {
		t.Fatal(err)
	}
	generation := func(text, table string) string {
		t.Helper()
		read := func(string) ([]byte, error) { return []byte(table), nil }
		r, problems := registry.Parse("plumbline.yaml", []byte(text), read, platforms, asOf)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		return r.Generation
	}
	first := generation(string(content), string(table))
	for _, c := range []struct {
		name, old, new string
		same           bool
	}{
		{"a comment", "# the believed side", "# believed", true},
		{"another layout", "keys: {inventory: sku@location, order: store/number}", "keys:\n  order: 'store/number'\n  inventory: sku@location\n", true},
		{"line ends", "\n", "\r\n", true},
		{"a settle time", "settle: 20m", "settle: 21m", false},
		{"a formula", "- buffer)", "- 2 * buffer)", false},
		{"a location", "EAST2: east", "EAST2: west", false},
		{"a moved value", "EAST2: east, WEST: west", "EAST2: east, WES: west", false},
	} {
		text := strings.ReplaceAll(string(content), c.old, c.new)
		if text == string(content) {
			t.Fatalf("%s: nothing to replace", c.name)
		}
		if got := generation(text, string(table)); (got == first) != c.same {
			t.Errorf("%s: same generation %t, want %t", c.name, got == first, c.same)
		}
	}
	if generation(string(content), strings.Replace(string(table), "east,3", "east,4", 1)) == first {
		t.Error("a changed table has the same generation")
	}
	rows := strings.SplitAfter(string(table), "\n")
	if generation(string(content), rows[0]+rows[3]+rows[2]+rows[1]) != first {
		t.Error("a table in another order has another generation")
	}
}
