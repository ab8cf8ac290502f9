package binaries_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/runtimeapi"
)

// starts is how often each function is started.
const starts = 25

// BenchmarkColdStart starts each function and gives it its first event, while
// all services answer at once. The floor is a function that does nothing,
// started in turn with it.
func BenchmarkColdStart(b *testing.B) {
	names, err := functions()
	if err != nil {
		b.Fatal(err)
	}
	env, registry := instantly(b), demo(b)
	for _, name := range names {
		b.Run(name, func(b *testing.B) {
			event := payload(b, calls(name, time.Now())[0].event)
			f := bundle(b, name, registry, env)
			empty := runtimeapi.Function{Name: floor, Dir: filepath.Join(built, floor)}
			var took, least []time.Duration
			for b.Loop() {
				for range starts {
					took, least = append(took, cold(b, f, event)), append(least, cold(b, empty, event))
				}
			}
			b.ReportMetric(milliseconds(median(took)), "ms-cold")
			b.ReportMetric(milliseconds(took[0]), "ms-fastest") // in order since median
			b.ReportMetric(milliseconds(median(least)), "ms-floor")
			b.ReportMetric(megabytes(b, "./functions/"+name), "MB-arm64")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// cold is the time from the start of a process to its first answer.
func cold(b *testing.B, f runtimeapi.Function, event []byte) time.Duration {
	b.Helper()
	e := runtimeapi.New(f)
	defer e.Close()
	if _, err := e.Invoke(b.Context(), event); err != nil {
		b.Fatalf("%v: %s", err, e.Logs())
	}
	return e.ColdStart()
}

func median(all []time.Duration) time.Duration {
	slices.Sort(all)
	return all[len(all)/2]
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// megabytes is the size of the binary that is deployed, which is for arm64.
func megabytes(b *testing.B, pkg string) float64 {
	b.Helper()
	dir := b.TempDir()
	if err := runtimeapi.Build(b.Context(), root, pkg, dir, "arm64"); err != nil {
		b.Fatal(err)
	}
	info, err := os.Stat(filepath.Join(dir, runtimeapi.Bootstrap))
	if err != nil {
		b.Fatal(err)
	}
	return float64(info.Size()) / 1e6
}
