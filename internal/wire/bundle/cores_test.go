package bundle

import (
	"runtime"
	"testing"
)

func TestAFunctionWithLessThanACoresTime_RunsOnOneCore(t *testing.T) {
	cores := runtime.GOMAXPROCS(3)
	defer runtime.GOMAXPROCS(cores)
	for _, c := range []struct {
		memory string
		want   int
	}{{"1769", 3}, {"3008", 3}, {"", 3}, {"many", 3}, {"1768", 1}, {"256", 1}} {
		runtime.GOMAXPROCS(3)
		oneCore(from(map[string]string{"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": c.memory}))
		if got := runtime.GOMAXPROCS(0); got != c.want {
			t.Errorf("memory of %q MB: %d cores, want %d", c.memory, got, c.want)
		}
	}
}
