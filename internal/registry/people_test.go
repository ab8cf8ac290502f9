package registry_test

import (
	"os"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/registry"
)

// with is the design's registry with other people.
func with(t *testing.T, people string) (*registry.Registry, []registry.Problem) {
	t.Helper()
	content, err := os.ReadFile("testdata/good/design.yaml")
	if err != nil {
		t.Fatal(err)
	}
	before, rest, _ := strings.Cut(string(content), "people:")
	_, after, _ := strings.Cut(rest, "integrations:")
	read := func(file string) ([]byte, error) { return os.ReadFile("testdata/good/" + file) }
	return registry.Parse("plumbline.yaml", []byte(before+people+"integrations:"+after), read, platforms, asOf)
}

func TestPeople_OwnersDeputiesAndTheirTeamsMayDecide(t *testing.T) {
	r, problems := with(t, `people:
  dana@acme.example: {slack: U024BE7LH}
  lee@acme.example: {slack: U024BE7LK}
  sam@acme.example: {slack: W012A3CDE}
  kim@acme.example: {slack: U024BE7LM, teams: [order-desk, inventory-ops]}
  noor@acme.example: {slack: U024BE7LN, teams: order-desk}
`)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for user, want := range map[string][2]bool{ // stock-to-storefront, orders-to-erp
		"U024BE7LH": {true, false}, "U024BE7LK": {true, true}, "W012A3CDE": {false, true},
		"U024BE7LM": {true, true}, "U024BE7LN": {false, true}, "U000000ZZ": {false, false}, "": {false, false},
	} {
		if got := [2]bool{r.MayDecide("stock-to-storefront", user), r.MayDecide("orders-to-erp", user)}; got != want {
			t.Errorf("%s may decide %v, want %v", user, got, want)
		}
	}
	if !r.MayDecide("removed", "U024BE7LN") || r.MayDecide("removed", "U000000ZZ") {
		t.Error("about an integration that is gone, not exactly the people of the registry may decide")
	}
	if got := r.SlackUser("dana@acme.example") + r.SlackUser("nobody@acme.example"); got != "U024BE7LH" {
		t.Errorf("Slack users %q", got)
	}
}

func TestPeople_WithoutThemEverybodyMayDecide(t *testing.T) {
	r, problems := with(t, "")
	if len(problems) > 0 || len(r.Warnings) > 0 {
		t.Fatal(problems, r.Warnings)
	}
	if !r.MayDecide("stock-to-storefront", "U000000ZZ") {
		t.Error("nobody is named and yet somebody may not decide")
	}
}

func TestPeople_ProblemsHaveAPlaceAndNoAddress(t *testing.T) {
	for _, c := range []struct{ name, people, want string }{
		{"a user name", "  dana@acme.example: {slack: dana}\n", "21:30: people[0].slack: want a member id"},
		{"nothing", "  dana@acme.example: {teams: [inventory-ops]}\n", "21:3: people[0] lacks slack: the person's member id"},
		{"twice the person", "  dana@acme.example: {slack: U024BE7LH}\n  dana@acme.example: {slack: U024BE7LK}\n", "22:3: people: the same key stands twice, first in line 21"},
		{"twice the member", "  dana@acme.example: {slack: U024BE7LH}\n  lee@acme.example: {slack: U024BE7LH}\n", "22:29: two people have the same Slack member id, first in line 21"},
		{"a field", "  dana@acme.example: {slack: U024BE7LH, team: x}\n", "21:41: people[0]: unknown field \"team\", did you mean \"teams\""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, problems := with(t, "people:\n"+c.people)
			got := lines(problems)
			if len(problems) != 1 || !strings.Contains(got, c.want) || strings.Contains(got, "acme.example") {
				t.Errorf("%s, want %q", got, c.want)
			}
		})
	}
}

func TestPeople_WhoIsMissingIsAWarning(t *testing.T) {
	r, problems := with(t, "people:\n  dana@acme.example: {slack: U024BE7LH, teams: [inventory-op]}\n")
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	got := lines(r.Warnings)
	for _, want := range []string{
		"21:49: no integration has the team inventory-op as owner or deputy, did you mean \"inventory-ops\"",
		"integrations.stock-to-storefront.deputy: the person is not among people",
		"integrations.orders-to-erp.owner: the person is not among people",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	if len(r.Warnings) != 4 || strings.Contains(got, "acme.example") {
		t.Errorf("warnings\n%s", got)
	}
}
