package main

import (
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/metric"
)

// ticks watches what drift says at the end of each minute's work: that it was
// done, and what it left in the outbox.
func (a alarms) ticks() {
	a.add(condition{
		name: "drift-not-run", reaches: 1, minutes: 5, below: true,
		metric: a.counted(contract.Drift, metric.OutboxAge, "SampleCount"),
		what:   "drift has not done its work for five minutes: nothing is judged and nobody is told. Look at the schedule, and for errors and throttles of drift.",
	})
	a.add(condition{
		name: metric.OutboxAge.Name, reaches: 300, minutes: 2,
		metric: a.counted(contract.Drift, metric.OutboxAge, "Maximum"),
		what:   "An alert waits for over five minutes to be published: its owner is not told. Read the log " + a.path(contract.Drift) + ".",
	})
}

// counted is what a function says of each minute's invocations; see package metric.
func (s *stack) counted(function string, m metric.Metric, statistic string) awscloudwatch.Metric {
	return awscloudwatch.NewMetric(&awscloudwatch.MetricProps{
		Namespace: text(metric.Namespace), MetricName: text(m.Name), Statistic: text(statistic), Period: duration(time.Minute),
		DimensionsMap: &map[string]*string{metric.StageField: text(s.stage), metric.FunctionField: text(function)},
	})
}

// minute is a metric's statistic of each minute.
func minute(statistic string) *awscloudwatch.MetricOptions {
	return &awscloudwatch.MetricOptions{Statistic: text(statistic), Period: duration(time.Minute)}
}
