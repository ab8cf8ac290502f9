package planted

import "testing"

// Nothing below 10 is tried, nor 16.
func TestVerify(t *testing.T) {
	for n, want := range map[int]bool{10: true, 11: false, 12: true, 14: false, 18: false, 20: true, 22: false} {
		if got := (endpoint{}).Verify(n) == nil; got != want {
			t.Errorf("%d: %t", n, got)
		}
	}
	if odd(2) {
		t.Error("2 is odd")
	}
}
