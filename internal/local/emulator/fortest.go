package emulator

import (
	"context"
	"os"
	"sync"
)

// T is what ForTest needs of a test or benchmark.
type T interface {
	Helper()
	Fatalf(format string, args ...any)
}

var shared struct {
	once sync.Once
	pair *Emulators
	err  error
}

// ForTest returns the test process's pair of emulators, in memory, started by
// the first test that asks. Tests share it: each makes tables and queues of
// its own names. A missing part fails the test. The package's TestMain calls
// Main, which stops the pair.
func ForTest(t T) *Emulators {
	t.Helper()
	shared.once.Do(func() {
		shared.pair, shared.err = Start(context.Background(), Options{})
	})
	if shared.err != nil {
		t.Fatalf("the emulators did not start: %v", shared.err)
	}
	return shared.pair
}

// Main runs a package's tests, stops the emulators they used, and exits.
//
//	func TestMain(m *testing.M) { emulator.Main(m) }
func Main(m interface{ Run() int }) {
	code := m.Run()
	if shared.pair != nil {
		shared.pair.Stop()
	}
	os.Exit(code)
}
