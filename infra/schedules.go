package main

import (
	"encoding/json"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awseventstargets"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"

	"github.com/plumbline/plumbline/internal/contract"
)

// late is how long a call may wait for a free invocation. A later one would
// only join the calls that came after it.
const late = 15 * time.Minute

// newSchedules calls functions at fixed rates. A rate knows no time zone, so
// no clock change skips or doubles a call.
func (s *stack) newSchedules() {
	scope := s.part("Schedules")
	called := map[string]bool{}
	for _, sch := range contract.Schedules() {
		awsevents.NewRule(scope, text(sch.Name), &awsevents.RuleProps{
			RuleName: text(s.name(sch.Name)),
			Schedule: awsevents.Schedule_Rate(duration(sch.Every)),
			Targets: &[]awsevents.IRuleTarget{
				awseventstargets.NewLambdaFunction(s.functions[sch.Function], &awseventstargets.LambdaFunctionProps{
					Event: input(sch), MaxEventAge: duration(late),
				}),
			},
		})
		if !called[sch.Function] {
			called[sch.Function] = true
			s.functions[sch.Function].ConfigureAsyncInvoke(&awslambda.EventInvokeConfigOptions{MaxEventAge: duration(late)})
		}
	}
}

// input is the event of a schedule, or nil for the service's own.
func input(sch contract.Schedule) awsevents.RuleTargetInput {
	if sch.Input == "" {
		return nil
	}
	// The contract's inputs are JSON, which its test holds.
	var event any
	_ = json.Unmarshal([]byte(sch.Input), &event)
	return awsevents.RuleTargetInput_FromObject(event)
}
