package main

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/metric"
)

// newDashboard shows the way of a webhook from left to right and top to
// bottom: front, queues, functions, tables, alerts.
func (s *stack) newDashboard(f front) {
	d := awscloudwatch.NewDashboard(s.part("Dashboard"), text("dashboard"), &awscloudwatch.DashboardProps{
		DashboardName: text("plumbline-" + s.stage),
	})
	d.AddWidgets(
		graph("Requests", f.api.MetricCount(minute("Sum")), f.api.MetricClientError(minute("Sum")), f.api.MetricServerError(minute("Sum"))),
		graph("Answered after, ms", f.api.MetricLatency(minute("p50")), f.api.MetricLatency(minute("p99"))),
		graph("Alerts: oldest unpublished, s, and waiting", s.counted(contract.Drift, metric.OutboxAge, "Maximum"), s.counted(contract.Drift, metric.Waiting, "Maximum")),
	)
	d.AddWidgets(
		graph("Merged after, s", s.counted(contract.Merge, metric.Lag, "p50"), s.counted(contract.Merge, metric.Lag, "p99")),
		graph("The other side shows a change after, s", s.counted(contract.Merge, metric.CatchUp, "p50"), s.counted(contract.Merge, metric.CatchUp, "p95")),
	)
	d.AddWidgets(
		graph("Verdicts", s.sums(contract.Drift, metric.Agree, metric.Differ, metric.Pending, metric.CannotTell)...),
		graph("Findings", s.sums(contract.Drift, metric.Opened, metric.Ended)...),
	)
	d.AddWidgets(
		graph("Rows written, and races", s.sums(contract.Merge, metric.Changed, metric.Races)...),
	)
	d.AddWidgets(
		graph("Waiting messages", s.ofQueues(consumed, func(name string) awscloudwatch.IMetric {
			return s.queues[name].MetricApproximateNumberOfMessagesVisible(minute("Maximum")).With(labelled(name))
		})...),
		graph("Oldest message, s", s.ofQueues(consumed, func(name string) awscloudwatch.IMetric {
			return s.queues[name].MetricApproximateAgeOfOldestMessage(minute("Maximum")).With(labelled(name))
		})...),
		graph("Kept messages", s.ofQueues(notConsumed, func(name string) awscloudwatch.IMetric {
			return s.queues[name].MetricApproximateNumberOfMessagesVisible(minute("Maximum")).With(labelled(name))
		})...),
	)
	d.AddWidgets(
		graph("Invocations", s.ofFunctions("Invocations", "Sum")...),
		graph("Errors and throttles", append(s.ofFunctions("Errors", "Sum"), s.ofFunctions("Throttles", "Sum")...)...),
		graph("Duration, ms", s.ofFunctions("Duration", "p99")...),
	)
	d.AddWidgets(
		graph("Units of merge", s.sums(contract.Merge, metric.ReadUnits, metric.WriteUnits, metric.IndexUnits)...),
		graph("Written units", s.ofTables("ConsumedWriteCapacityUnits")...),
		graph("Read units", s.ofTables("ConsumedReadCapacityUnits")...),
		graph("Throttled", append(s.ofTables("WriteThrottleEvents"), s.ofTables("ReadThrottleEvents")...)...),
	)
}

func graph(title string, metrics ...awscloudwatch.IMetric) awscloudwatch.IWidget {
	return awscloudwatch.NewGraphWidget(&awscloudwatch.GraphWidgetProps{Title: text(title), Left: &metrics, Width: count(8)})
}

// sums adds up what a function counts in each minute.
func (s *stack) sums(function string, metrics ...metric.Metric) []awscloudwatch.IMetric {
	var all []awscloudwatch.IMetric
	for _, m := range metrics {
		all = append(all, s.counted(function, m, "Sum"))
	}
	return all
}

func labelled(label string) *awscloudwatch.MetricOptions {
	return &awscloudwatch.MetricOptions{Label: text(label)}
}

func consumed(q contract.Queue) bool    { return q.Consumer != "" }
func notConsumed(q contract.Queue) bool { return q.Consumer == "" }

func (s *stack) ofQueues(which func(contract.Queue) bool, metric func(name string) awscloudwatch.IMetric) []awscloudwatch.IMetric {
	var all []awscloudwatch.IMetric
	for _, q := range s.all() {
		if which(q) {
			all = append(all, metric(q.Name))
		}
	}
	return all
}

func (s *stack) ofFunctions(metric, statistic string) []awscloudwatch.IMetric {
	var all []awscloudwatch.IMetric
	for _, name := range contract.Functions() {
		all = append(all, s.functions[name].Metric(text(metric), minute(statistic)).With(labelled(name+" "+strings.ToLower(metric))))
	}
	return all
}

func (s *stack) ofTables(metric string) []awscloudwatch.IMetric {
	var all []awscloudwatch.IMetric
	for _, t := range contract.Tables() {
		all = append(all, s.tables[t.Name].Metric(text(metric), minute("Sum")).With(labelled(t.Name+" "+metric)))
	}
	return all
}
