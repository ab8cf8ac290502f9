package main

import (
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"

	"github.com/plumbline/plumbline/internal/contract"
)

const (
	metrics = "Plumbline"
	// outboxAge is how many seconds the oldest alert waits to be published.
	outboxAge = "outbox-age"
	// waiting counts the alerts that their channels do not take yet.
	waiting = "waiting-alerts"
)

// ticks watches what drift says at the end of each minute's work: that it was
// done, and what it left in the outbox.
func (a alarms) ticks() {
	a.counted(outboxAge, contract.OutboxAgeField)
	a.counted(waiting, contract.WaitingField)
	a.add(condition{
		name: "drift-not-run", reaches: 1, minutes: 5, below: true,
		metric: a.tick(outboxAge, "SampleCount"),
		what:   "drift has not done its work for five minutes: nothing is judged and nobody is told. Look at the schedule, and for errors and throttles of drift.",
	})
	a.add(condition{
		name: outboxAge, reaches: 300, minutes: 2,
		metric: a.tick(outboxAge, "Maximum"),
		what:   "An alert waits for over five minutes to be published: its owner is not told. Read the log " + a.path(contract.Drift) + ".",
	})
}

// counted makes a metric of a field of the line.
func (a alarms) counted(name, field string) {
	awslogs.NewMetricFilter(a.scope, text("count-"+name), &awslogs.MetricFilterProps{
		LogGroup:        a.logs[contract.Drift],
		FilterPattern:   awslogs.FilterPattern_StringValue(text("$.msg"), text("="), text(contract.TickLine)),
		MetricNamespace: text(metrics),
		MetricName:      text(a.name(name)),
		MetricValue:     text("$." + field),
	})
}

// tick is what the ticks of each minute said.
func (s *stack) tick(name, statistic string) awscloudwatch.Metric {
	return awscloudwatch.NewMetric(&awscloudwatch.MetricProps{
		Namespace: text(metrics), MetricName: text(s.name(name)), Statistic: text(statistic), Period: duration(time.Minute),
	})
}

// minute is a metric's statistic of each minute.
func minute(statistic string) *awscloudwatch.MetricOptions {
	return &awscloudwatch.MetricOptions{Statistic: text(statistic), Period: duration(time.Minute)}
}
