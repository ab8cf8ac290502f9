package metric_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/metric"
)

var noon = time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)

// logged is the line of one invocation, as it is read by machines.
func logged(t *testing.T, do func(context.Context)) map[string]any {
	t.Helper()
	ctx, invocation := metric.With(t.Context(), noon)
	do(ctx)
	var out bytes.Buffer
	slog.New(slog.NewJSONHandler(&out, nil)).Info("invocation", invocation.Take()...)
	var line map[string]any
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatal(err)
	}
	return line
}

func TestALineIsInTheEmbeddedMetricFormat(t *testing.T) {
	line := logged(t, func(ctx context.Context) {
		metric.Add(ctx, metric.Changed, 2)
		metric.Add(ctx, metric.Changed, 1)
		metric.Add(ctx, metric.Races, 0)
		metric.Observe(ctx, metric.Lag, 0.2502)
		metric.Observe(ctx, metric.Lag, 0.5)
	})
	delete(line, "time")
	delete(line, "level")
	want := map[string]any{
		"msg": "invocation", "changed": 3.0, "lag": []any{0.25, 0.5},
		"_aws": map[string]any{
			"Timestamp": float64(noon.UnixMilli()),
			"CloudWatchMetrics": []any{map[string]any{
				"Namespace": "Plumbline", "Dimensions": []any{[]any{"stage", "function"}},
				"Metrics": []any{map[string]any{"Name": "changed"}, map[string]any{"Name": "lag", "Unit": "Seconds"}},
			}},
		},
	}
	if diff := cmp.Diff(want, line); diff != "" {
		t.Errorf("line (-want +got):\n%s", diff)
	}
}

func TestALineHoldsAtMostAHundredValuesOfAMetricFromAllOfTheInvocation(t *testing.T) {
	for _, n := range []int{1, 99, 100, 101, 200, 201, 1000, 12345} {
		line := logged(t, func(ctx context.Context) {
			for i := range n {
				metric.Observe(ctx, metric.Lag, float64(i))
			}
		})
		values := line["lag"].([]any)
		if len(values) > 100 || len(values) < min(n, 50) {
			t.Errorf("of %d values, %d are kept", n, len(values))
		}
		step := 1.0
		if len(values) > 1 {
			step = values[1].(float64)
		}
		for i, v := range values {
			if v.(float64) != float64(i)*step {
				t.Errorf("of %d values, number %d kept is %v; want equal distances of %v", n, i, v, step)
				break
			}
		}
	}
}

func TestWhatWasSaidIsNotSaidAgain(t *testing.T) {
	ctx, invocation := metric.With(t.Context(), noon)
	metric.Add(ctx, metric.Changed, 1)
	if metric.Line(ctx) == nil {
		t.Error("nothing to say")
	}
	if again := invocation.Take(); again != nil {
		t.Errorf("said again: %v", again)
	}
}

func TestWithoutAnInvocationNothingIsCounted(t *testing.T) {
	metric.Add(t.Context(), metric.Changed, 1)
	metric.Observe(t.Context(), metric.Lag, 1)
	if line := metric.Line(t.Context()); line != nil {
		t.Errorf("got %v", line)
	}
}

func TestThePageNamesEveryMetric(t *testing.T) {
	page, err := os.ReadFile("../../docs/metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range metric.List() {
		row := "| `" + m.Name + "` | " + string(m.Unit) + " | " + m.Meaning + " |"
		if !strings.Contains(string(page), row) {
			t.Errorf("docs/metrics.md lacks the line\n%s", row)
		}
	}
}
