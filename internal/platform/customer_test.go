package platform

import "testing"

func TestCustomerHashIsTheSameForEverySpellingOfAnAddress(t *testing.T) {
	config := Config{HashKey: []byte("key")}
	want := config.CustomerHash("dana@acme.example")
	if len(want) != 32 {
		t.Fatalf("got %d digits, want 32", len(want))
	}
	if got := config.CustomerHash("  Dana@ACME.example\n"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for name, other := range map[string]string{
		"another address":  config.CustomerHash("lee@acme.example"),
		"another hash key": Config{HashKey: []byte("other")}.CustomerHash("dana@acme.example"),
	} {
		if other == want {
			t.Errorf("%s gives the same hash", name)
		}
	}
	if got := config.CustomerHash(" "); got != "" {
		t.Errorf("a blank address gives %q", got)
	}
}
