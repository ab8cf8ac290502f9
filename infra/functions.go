package main

import (
	"path/filepath"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/plumbline/plumbline/internal/contract"
)

// memory is in MB, and the share of a processor goes with it.
func memory(function string) int {
	switch function {
	case contract.Receive, contract.Notify, contract.Respond:
		return 256
	default:
		return 512
	}
}

// newFunctions makes the functions, each with its own role and log. They come
// after the generation, which tells those of before that they are late.
func (s *stack) newFunctions(generation constructs.IDependable) {
	scope := s.part("Functions")
	s.functions, s.logs = map[string]awslambda.Function{}, map[string]awslogs.LogGroup{}
	environment := s.environment()
	for _, name := range contract.Functions() {
		log := s.newLog(scope, name)
		f := awslambda.NewFunction(scope, text(name), &awslambda.FunctionProps{
			FunctionName:                 text(s.name(name)),
			Description:                  text("Plumbline " + s.stage + ": " + name),
			Code:                         awslambda.Code_FromAsset(text(filepath.Join(s.dist, name)), nil),
			Handler:                      text(bootstrap),
			Runtime:                      awslambda.Runtime_PROVIDED_AL2023(),
			Architecture:                 awslambda.Architecture_ARM_64(),
			MemorySize:                   count(memory(name)),
			Timeout:                      duration(contract.Timeout(name)),
			ReservedConcurrentExecutions: s.reserve(name),
			RecursiveLoop:                recursion(name),
			Environment:                  &environment,
			Role:                         s.newRole(scope, name, log),
			LogGroup:                     log,
			LoggingFormat:                awslambda.LoggingFormat_JSON,
			// Lambda's own lines about each invocation would cost more than the
			// function's. Durations and errors are metrics anyhow.
			SystemLogLevelV2: awslambda.SystemLogLevel_WARN,
		})
		f.Node().AddDependency(generation)
		s.functions[name], s.logs[name] = f, log
	}
}

// newLog keeps what a function says for a month, and the lines outlive the
// stack.
func (s *stack) newLog(scope constructs.Construct, name string) awslogs.LogGroup {
	return awslogs.NewLogGroup(scope, text("Log-"+name), &awslogs.LogGroupProps{
		LogGroupName:  text(s.path(name)),
		Retention:     awslogs.RetentionDays_ONE_MONTH,
		RemovalPolicy: awscdk.RemovalPolicy_RETAIN,
	})
}

// reserve keeps concurrency for the function that senders wait for, so that
// nothing else of the account can take it. It bounds it as well.
func (s *stack) reserve(function string) *float64 {
	if function != contract.Receive || s.reserved == 0 {
		return nil
	}
	return count(s.reserved)
}

// recursion lets drift ask itself for looks, fetch for pages and for what it could
// not have yet, and load for the rest of a file: Lambda takes the sixteenth of them for a loop otherwise,
// and drops it. It stops any other loop.
func recursion(function string) awslambda.RecursiveLoop {
	if function == contract.Drift || function == contract.Fetch || function == contract.Load {
		return awslambda.RecursiveLoop_ALLOW
	}
	return awslambda.RecursiveLoop_TERMINATE
}

// environment is what every function is told: where everything is.
func (s *stack) environment() map[string]*string {
	env := map[string]*string{
		contract.StageVariable:      text(s.stage),
		contract.RegistryVariable:   text(bundledRegistry),
		contract.GenerationVariable: text("ssm:" + contract.GenerationParameter(s.stage)),
	}
	for variable, reference := range s.references {
		env[variable] = text(reference)
	}
	for name, table := range s.tables {
		env[contract.TableVariable(name)] = table.TableName()
	}
	for _, q := range contract.Queues() {
		env[contract.QueueVariable(q.Name)] = s.queues[q.Name].QueueUrl()
	}
	for name, topic := range s.topics {
		env[contract.TopicVariable(name)] = topic.TopicArn()
	}
	for name, bucket := range s.buckets {
		env[contract.BucketVariable(name)] = bucket.BucketName()
	}
	return env
}
