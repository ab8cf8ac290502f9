package binaries_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/runtimeapi"
)

// rounds is how often each process is invoked.
const rounds = 200

// BenchmarkWarm measures invocations of processes that are warm, by the number
// of messages in them, while all services answer at once. The floor is a
// function that does nothing.
func BenchmarkWarm(b *testing.B) {
	env, registry := instantly(b), demo(b)
	empty := start(b, runtimeapi.Function{Name: floor, Dir: filepath.Join(built, floor)})
	for _, c := range []struct {
		function string
		messages int
	}{
		{contract.Receive, 1}, {contract.Merge, 1}, {contract.Merge, 10}, {contract.Drift, 1}, {contract.Drift, 10}, {contract.Archive, 1}, {contract.Archive, 100},
	} {
		b.Run(fmt.Sprintf("%s of %d", c.function, c.messages), func(b *testing.B) {
			e, event := start(b, bundle(b, c.function, registry, env)), payload(b, sized(c.function, c.messages, time.Now()))
			var took, least []time.Duration
			for b.Loop() {
				for range rounds {
					took, least = append(took, invoked(b, e, event)), append(least, invoked(b, empty, event))
				}
			}
			b.ReportMetric(milliseconds(median(took)), "ms-warm")
			b.ReportMetric(milliseconds(median(least)), "ms-floor")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// sized is an event of so many messages, each about a record of its own.
func sized(function string, messages int, now time.Time) any {
	var bodies []string
	for i := range messages {
		sku := fmt.Sprintf("MUG-%03d", i)
		switch function {
		case contract.Receive:
			return webhook(now, stock("free", 12, now))
		case contract.Drift:
			bodies = append(bodies, look(sku, now))
		default:
			bodies = append(bodies, observed(sku, now))
		}
	}
	return batch(bodies...)
}

// invoked is the time of one invocation.
func invoked(b *testing.B, e *runtimeapi.Environment, event []byte) time.Duration {
	b.Helper()
	began := time.Now()
	if _, err := e.Invoke(b.Context(), event); err != nil {
		b.Fatalf("%v: %s", err, e.Logs())
	}
	return time.Since(began)
}
