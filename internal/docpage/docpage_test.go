package docpage_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/plumbline/plumbline/internal/docpage"
)

const page = "# Page\n\n<!-- a begin -->\nold\n<!-- a end -->\n\n<!-- b begin -->\n<!-- b end -->\n"

func TestAPartIsReplacedAndTheRestStays(t *testing.T) {
	path := filepath.Join(t.TempDir(), "page.md")
	if err := os.WriteFile(path, []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := docpage.Write(path, "a", "new\n"); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := "# Page\n\n<!-- a begin -->\nnew\n<!-- a end -->\n\n<!-- b begin -->\n<!-- b end -->\n"
	if string(got) != want {
		t.Errorf("the page is %q, want %q", got, want)
	}
	if part, err := docpage.Part(string(got), "a"); err != nil || part != "new\n" {
		t.Errorf("the part is %q, %v, want %q", part, err, "new\n")
	}
}

func TestAPartWithoutMarksIsAnErrorThatNamesThem(t *testing.T) {
	for _, text := range []string{"", "<!-- a begin -->\n", "<!-- a end -->"} {
		if _, err := docpage.With(text, "a", "new"); err == nil {
			t.Errorf("%q takes a part that it does not have", text)
		}
	}
}

func TestThousandsHaveCommas(t *testing.T) {
	for n, want := range map[int]string{7: "7", 100: "100", 1000: "1,000", 12345678: "12,345,678"} {
		if got := docpage.Thousands(n); got != want {
			t.Errorf("%d is written %s, want %s", n, got, want)
		}
	}
}
