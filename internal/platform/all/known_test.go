package all

import (
	"flag"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/known"
)

var update = flag.Bool("update", false, "rewrite the descriptions of the platforms")

// What functions without webhooks know of platforms is what the platforms say.
func TestTheDescriptionsAreThePlatforms(t *testing.T) {
	want, err := known.Describe(Platforms())
	if err != nil {
		t.Fatal(err)
	}
	const path = "../known/platforms.json"
	if *update {
		if err := os.WriteFile(path, want, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil || string(got) != string(want) {
		t.Errorf("%v: %s is not what the platforms say (`make golden` rewrites it):\n%s", err, path, cmp.Diff(string(want), string(got)))
	}
}

func TestADescriptionIsThePlatformWithoutItsCode(t *testing.T) {
	all, err := known.Platforms()
	if err != nil {
		t.Fatal(err)
	}
	want := Platforms()
	for i := range want {
		want[i].New = nil
	}
	if diff := cmp.Diff(want, all, cmp.AllowUnexported(platform.Platform{})); diff != "" {
		t.Errorf("(-platforms +descriptions):\n%s", diff)
	}
}
