package metric

import (
	"context"
	"log/slog"
)

// Namespace holds the metrics in CloudWatch.
const Namespace = "Plumbline"

// The dimensions of every metric, which are fields of the line.
const (
	StageField    = "stage"
	FunctionField = "function"
)

// Line is Take for who has a line of its own to say, and says it there.
func Line(ctx context.Context) []any {
	i, ok := ctx.Value(key{}).(*Invocation)
	if !ok {
		return nil
	}
	return i.Take()
}

// Take returns what was counted, each metric once, and what tells CloudWatch to make
// metrics of it, as attributes of a line. Whoever logs them adds the dimensions.
// What was taken is not counted again; of what counted nothing there is nothing.
func (i *Invocation) Take() []any {
	i.mu.Lock()
	defer i.mu.Unlock()
	defer func() { clear(i.sums); clear(i.all) }()
	var fields []any
	var defined []definition
	for _, m := range List() {
		if sum, ok := i.sums[m.Name]; ok {
			fields = append(fields, slog.Float64(m.Name, sum))
		} else if s, ok := i.all[m.Name]; ok {
			fields = append(fields, slog.Any(m.Name, s.kept))
		} else {
			continue
		}
		d := definition{Name: m.Name}
		if m.Unit != Count { // CloudWatch needs none to count
			d.Unit = m.Unit
		}
		defined = append(defined, d)
	}
	if fields == nil {
		return nil
	}
	return append(fields, slog.Any("_aws", metadata{ //nolint:sloglint // the format calls it so
		Timestamp: i.began.UnixMilli(),
		CloudWatchMetrics: []directive{{
			Namespace: Namespace, Dimensions: [][]string{{StageField, FunctionField}}, Metrics: defined,
		}},
	}))
}

// metadata is what the embedded metric format wants of a line:
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
type metadata struct {
	// Timestamp is in milliseconds since 1970.
	Timestamp         int64
	CloudWatchMetrics []directive
}

type directive struct {
	Namespace  string
	Dimensions [][]string
	Metrics    []definition
}

type definition struct {
	Name string
	Unit Unit `json:",omitempty"`
}
