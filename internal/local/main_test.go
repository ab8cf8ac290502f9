package local

import (
	"flag"
	"testing"

	"github.com/plumbline/plumbline/internal/local/emulator"
)

func TestMain(m *testing.M) {
	flag.Parse()
	// These tests wait for visibility and polls, and hardly compute.
	if err := flag.Set("test.parallel", "24"); err != nil {
		panic(err)
	}
	emulator.Main(m)
}
