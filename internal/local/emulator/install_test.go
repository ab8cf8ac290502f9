package emulator

import "testing"

func TestNewEnoughNode(t *testing.T) {
	for version, want := range map[string]bool{
		"v22.5.0\n": true, "v22.23.3\n": true, "v24.0.1\n": true, "v22.4.9\n": false, "v20.20.2\n": false, "": false, "nonsense": false,
	} {
		if got := newEnough(version); got != want {
			t.Errorf("Node %q is new enough: %v, want %v", version, got, want)
		}
	}
}
