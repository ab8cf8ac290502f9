package day_test

import "testing"

// says holds the finding of a rule about a record to what it says of the reason.
func (s *stage) says(t *testing.T, rule, key, why string) {
	t.Helper()
	all, err := s.findings.AllFindings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		if f.Rule == rule && f.Key.Text(f.Kind) == key && f.Told() {
			if f.Why != why {
				t.Errorf("%s of %s %s: %q, want %q", rule, f.Kind, key, f.Why, why)
			}
			return
		}
	}
	t.Errorf("no finding of %s about %s", rule, key)
}
