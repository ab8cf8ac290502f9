package main

import (
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/jsii-runtime-go"

	"github.com/plumbline/plumbline/internal/contract"
)

// ticks watches what drift says at the end of each minute's work: that it was
// done, and how many alerts it could not publish.
func (a alarms) ticks() {
	awslogs.NewMetricFilter(a.scope, text("ticks"), &awslogs.MetricFilterProps{
		LogGroup:        a.logs[contract.Drift],
		FilterPattern:   awslogs.FilterPattern_StringValue(text("$.msg"), text("="), text(contract.TickLine)),
		MetricNamespace: text(metrics),
		MetricName:      text(a.name(unpublished)),
		MetricValue:     text("$." + contract.UnpublishedField),
	})
	a.add(condition{
		name: "drift-not-run", reaches: 1, minutes: 5, below: true,
		metric: a.outbox("SampleCount"),
		what:   "drift has not done its work for five minutes: nothing is judged and nobody is told. Look at the schedule, and for errors and throttles of drift.",
	})
	a.add(condition{
		name: unpublished, reaches: 1, minutes: 5,
		metric: a.outbox("Maximum"),
		what:   "Alerts wait in the outbox for five minutes: owners are not told. Read the log " + a.path(contract.Drift) + ".",
	})
}

const (
	metrics     = "Plumbline"
	unpublished = "unpublished"
)

// outbox counts the alerts that a minute's work left unpublished.
func (s *stack) outbox(statistic string) awscloudwatch.Metric {
	return awscloudwatch.NewMetric(&awscloudwatch.MetricProps{
		Namespace: text(metrics), MetricName: text(s.name(unpublished)), Statistic: text(statistic), Period: duration(time.Minute),
	})
}

// minute is a metric's statistic of each minute.
func minute(statistic string) *awscloudwatch.MetricOptions {
	return &awscloudwatch.MetricOptions{Statistic: jsii.String(statistic), Period: duration(time.Minute)}
}
