package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/plumbline/plumbline/internal/registry"
)

// stack is one stage: its table of contents, and what the parts know of each
// other, by the contract's names.
type stack struct {
	cdk awscdk.Stack
	settings
	registry *registry.Registry

	tables    map[string]awsdynamodb.Table
	queues    map[string]awssqs.Queue
	topics    map[string]awssns.Topic
	buckets   map[string]awss3.Bucket
	functions map[string]awslambda.Function
	logs      map[string]awslogs.LogGroup
}

// newStack adds the stage to the app.
func newStack(app awscdk.App, s settings, reg *registry.Registry) {
	st := &stack{
		cdk: awscdk.NewStack(app, text("plumbline-"+s.stage), &awscdk.StackProps{
			Description:           text("Plumbline, stage " + s.stage),
			TerminationProtection: yes,
			AnalyticsReporting:    no,
			Tags:                  &map[string]*string{"plumbline-stage": text(s.stage)},
		}),
		settings: s,
		registry: reg,
	}
	st.newTables()
	st.newQueues()
	st.newTopics()
	st.newEventBus()
	st.newBuckets()
	generation := st.newGeneration()
	st.newFunctions(generation)
	st.newMappings()
	st.newSchedules()
	front := st.newFront()
	st.newEnvironment(front)
	st.newAlarms(front)
	st.newDashboard(front)
	st.newOutputs(front)
}

// part is the scope of one part of the stack, and the beginning of the logical
// names in it.
func (s *stack) part(name string) constructs.Construct {
	return constructs.NewConstruct(s.cdk, text(name))
}

var (
	yes = jsii.Bool(true)
	no  = jsii.Bool(false)
)

func text(s string) *string { return jsii.String(s) }

func count(n int) *float64 { return jsii.Number(n) }
