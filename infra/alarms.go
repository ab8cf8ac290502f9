package main

import (
	"fmt"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatchactions"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/plumbline/plumbline/internal/contract"
)

// alarms wakes people about Plumbline itself; what it finds goes to owners by
// another way. Each alarm says what is not done, what to do first, and whose
// integrations stand still.
type alarms struct {
	*stack
	scope  constructs.Construct
	action awscloudwatch.IAlarmAction
}

// condition is when an alarm sounds: its metric is at a value or above in each
// of so many minutes. A minute without a value is a good one.
type condition struct {
	name string
	// what says what is wrong and what to do first.
	what    string
	metric  awscloudwatch.IMetric
	reaches int
	minutes int
	// below turns both round: a value below it is bad, and so is none.
	below bool
}

func (s *stack) newAlarms(f front) {
	scope := s.part("Alarms")
	topic := s.newAlarmTopic(scope)
	a := alarms{stack: s, scope: scope, action: awscloudwatchactions.NewSnsAction(topic)}
	a.queues()
	a.functions()
	a.tables()
	a.topics()
	a.front(f)
	a.ticks()
}

func (a alarms) add(c condition) {
	comparison, missing := awscloudwatch.ComparisonOperator_GREATER_THAN_OR_EQUAL_TO_THRESHOLD, awscloudwatch.TreatMissingData_NOT_BREACHING
	if c.below {
		comparison, missing = awscloudwatch.ComparisonOperator_LESS_THAN_THRESHOLD, awscloudwatch.TreatMissingData_BREACHING
	}
	alarm := awscloudwatch.NewAlarm(a.scope, text(c.name), &awscloudwatch.AlarmProps{
		AlarmName:          text(a.name(c.name)),
		AlarmDescription:   text(shortened(c.what + "\nOwners of integrations: " + teams(a.registry))),
		Metric:             c.metric,
		Threshold:          count(c.reaches),
		EvaluationPeriods:  count(c.minutes),
		ComparisonOperator: comparison,
		TreatMissingData:   missing,
	})
	alarm.AddAlarmAction(a.action)
	alarm.AddOkAction(a.action)
}

// longestDescription is what an alarm takes.
const longestDescription = 1024

func shortened(s string) string {
	runes := []rune(s)
	if len(runes) <= longestDescription {
		return s
	}
	return string(runes[:longestDescription-1]) + "…"
}

func (a alarms) queues() {
	for _, q := range a.all() {
		if q.DeadLetter != "" {
			a.add(condition{
				name: "dead-letters-" + q.Name, reaches: 1, minutes: 1,
				metric: a.stack.queues[q.DeadLetter].MetricApproximateNumberOfMessagesVisible(minute("Maximum")),
				what: fmt.Sprintf("Messages of the queue %s failed %d times and wait in %s, for 14 days since they were sent. "+
					"Read the log %s, repair, then: plumbline redrive %s --aws --stage %s",
					q.Name, q.MaxReceive, q.DeadLetter, a.path(q.Consumer), q.DeadLetter, a.stage),
			})
		}
		if q.Consumer != "" {
			a.add(condition{
				name: "oldest-" + q.Name, reaches: patience(q.Name), minutes: 5,
				metric: a.stack.queues[q.Name].MetricApproximateAgeOfOldestMessage(minute("Maximum")),
				what: fmt.Sprintf("%s is behind: its oldest message in the queue %s waits for over %d minutes. Look for errors and throttles of %s.",
					q.Consumer, q.Name, patience(q.Name)/60, q.Consumer),
			})
		}
	}
}

// patience is the age in seconds from which on the oldest message of a queue is late.
// Nobody waits for the rows of a file, which may be millions.
func patience(queue string) int {
	if queue == contract.Bulk || queue == contract.Loads {
		return 3600
	}
	return 300
}

func (a alarms) functions() {
	for _, name := range contract.Functions() {
		f := a.stack.functions[name]
		a.add(condition{
			name: "errors-" + name, reaches: 1, minutes: 3,
			metric: f.MetricErrors(minute("Sum")),
			what:   fmt.Sprintf("%s fails in every one of three minutes. Read the log %s.", name, a.path(name)),
		})
		a.add(condition{
			name: "throttles-" + name, reaches: 1, minutes: 1,
			metric: f.MetricThrottles(minute("Sum")),
			what:   fmt.Sprintf("Lambda refuses to start %s: the concurrency reserved for it, or the account's, is used up.", name),
		})
	}
}

func (a alarms) tables() {
	for _, t := range contract.Tables() {
		table := a.stack.tables[t.Name]
		a.add(condition{
			name: "throttles-" + t.Name, reaches: 1, minutes: 3,
			metric: awscloudwatch.NewMathExpression(&awscloudwatch.MathExpressionProps{
				Expression: text("FILL(r, 0) + FILL(w, 0)"),
				UsingMetrics: &map[string]awscloudwatch.IMetric{
					"r": table.Metric(text("ReadThrottleEvents"), minute("Sum")),
					"w": table.Metric(text("WriteThrottleEvents"), minute("Sum")),
				},
				Label:  text("throttled requests"),
				Period: duration(time.Minute),
			}),
			what: fmt.Sprintf("DynamoDB refuses requests to the table %s for three minutes: one record is very busy, or the account's quota is reached. Messages come again by themselves.", t.Name),
		})
	}
}

func (a alarms) topics() {
	for _, name := range contract.Topics() {
		a.add(condition{
			name: "undelivered-" + name, reaches: 1, minutes: 1,
			metric: a.stack.topics[name].MetricNumberOfNotificationsFailed(minute("Sum")),
			what:   fmt.Sprintf("SNS could not deliver what was published to the topic %s. Look at its subscriptions.", name),
		})
	}
}

func (a alarms) front(f front) {
	a.add(condition{
		name: "front-5xx", reaches: 1, minutes: 1,
		metric: f.api.MetricServerError(minute("Sum")),
		what:   fmt.Sprintf("Webhooks were answered with a 5xx: senders try again, and drop a receiver that fails for long. Read the log %s.", a.path(contract.Receive)),
	})
	a.add(condition{
		name: "front-4xx", reaches: 50, minutes: 15,
		metric: awscloudwatch.NewMathExpression(&awscloudwatch.MathExpressionProps{
			Expression: text("IF(n >= 10, 100 * bad / n, 0)"),
			UsingMetrics: &map[string]awscloudwatch.IMetric{
				"bad": f.api.MetricClientError(minute("Sum")),
				"n":   f.api.MetricCount(minute("Sum")),
			},
			Label:  text("percent refused"),
			Period: duration(time.Minute),
		}),
		what: "For 15 minutes most requests were refused: a secret was changed on one side only, or somebody forges webhooks.",
	})
}
