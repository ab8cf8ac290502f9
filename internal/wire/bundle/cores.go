package bundle

import (
	"runtime"
	"strconv"
)

// wholeCore is the memory in megabytes from which on the service gives a function
// the time of one core.
const wholeCore = 1769

// oneCore runs a function that has less than one core's time on one core, however
// many it sees. Over two of them goroutines wake each other at the price of the
// system's calls, for a quarter of an invocation and for nothing.
func oneCore(getenv func(string) string) {
	if megabytes, err := strconv.Atoi(getenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")); err == nil && megabytes < wholeCore {
		runtime.GOMAXPROCS(1)
	}
}
