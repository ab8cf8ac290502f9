package registry_test

import (
	"slices"
	"strings"
	"testing"
)

func TestChanges_AreSignedWithTheRegistrysSecrets(t *testing.T) {
	r, problems := with(t, "changes: {secrets: [\"ssm:/plumbline/changes\", \"file:secrets/changes\"]}\n")
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if want := []string{"ssm:/plumbline/changes", "file:secrets/changes"}; !slices.Equal(r.ChangeSecrets, want) {
		t.Errorf("secrets %v, want %v", r.ChangeSecrets, want)
	}
	if got := lines(r.Local); !strings.Contains(got, "changes.secrets: want ssm:/name") {
		t.Errorf("a file's secret is no problem of a deployment:\n%s", got)
	}
	if r, _ := with(t, ""); len(r.ChangeSecrets) > 0 {
		t.Errorf("nobody is named and %v may tell", r.ChangeSecrets)
	}
}

func TestChanges_ProblemsHaveAPlace(t *testing.T) {
	for _, c := range []struct{ name, changes, want string }{
		{"a secret", "changes: {secrets: [whsec_cGFzdGVk]}\n", "20:21: changes.secrets[0]: want"},
		{"nothing", "changes: {}\n", "changes lacks secrets"},
		{"none", "changes: {secrets: []}\n", "changes.secrets"},
		{"twice", "changes: {secrets: [\"ssm:/a\", \"ssm:/a\"]}\n", "changes.secrets: the same reference stands twice"},
		{"a field", "changes: {secret: \"ssm:/a\"}\n", "changes: unknown field \"secret\", did you mean \"secrets\""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, problems := with(t, c.changes)
			got := lines(problems)
			if len(problems) == 0 || !strings.Contains(got, c.want) || strings.Contains(got, "cGFz") {
				t.Errorf("%s, want %q", got, c.want)
			}
		})
	}
}
