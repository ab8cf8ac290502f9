package bundle

import (
	"math"
	"runtime/debug"
	"testing"
)

func TestTheCollectorRunsLateAndWithinTheFunctionsMemory(t *testing.T) {
	percent, limit := debug.SetGCPercent(100), debug.SetMemoryLimit(-1)
	defer debug.SetMemoryLimit(limit)
	defer debug.SetGCPercent(percent)
	for size, want := range map[string]int64{"128": 96 << 20, "": math.MaxInt64, "many": math.MaxInt64} {
		debug.SetMemoryLimit(math.MaxInt64)
		collectLate(from(map[string]string{"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": size}))
		if got := debug.SetMemoryLimit(-1); got != want {
			t.Errorf("memory of %q MB: the limit is %d, want %d", size, got, want)
		}
		if got := debug.SetGCPercent(100); got != 400 {
			t.Errorf("the collector runs at %d %%", got)
		}
	}
}
