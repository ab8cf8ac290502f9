package bundle

import (
	"runtime/debug"
	"strconv"
)

// collectLate keeps the collector out of the cold start, which allocates a few
// megabytes that stay: it first runs at 16 MB. Three quarters of the function's
// memory are the limit from which on it runs as often as it must.
func collectLate(getenv func(string) string) {
	debug.SetGCPercent(400)
	if megabytes, err := strconv.ParseInt(getenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"), 10, 64); err == nil && megabytes > 0 {
		debug.SetMemoryLimit(megabytes << 20 / 4 * 3)
	}
}
