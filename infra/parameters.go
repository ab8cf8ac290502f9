package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsssm"

	"github.com/plumbline/plumbline/internal/contract"
)

// newGeneration says which registry is in force.
func (s *stack) newGeneration() awsssm.StringParameter {
	return awsssm.NewStringParameter(s.part("Generation"), text("parameter"), &awsssm.StringParameterProps{
		ParameterName: text(contract.GenerationParameter(s.stage)),
		Description:   text("The generation of the registry that is in force"),
		StringValue:   text(s.registry.Generation),
	})
}

// newEnvironment tells the command line what the functions are told, where the
// front is, and the queues into which systems deliver. With many of those it is
// longer than a usual parameter may be.
func (s *stack) newEnvironment(f front) {
	env := s.environment()
	env[contract.FrontVariable] = text(f.address)
	for name, queue := range s.queues {
		env[contract.QueueVariable(name)] = queue.QueueUrl()
	}
	awsssm.NewStringParameter(s.part("Environment"), text("parameter"), &awsssm.StringParameterProps{
		ParameterName: text(contract.EnvironmentParameter(s.stage)),
		Description:   text("Where everything of this stage is, for the command line"),
		StringValue:   s.cdk.ToJsonString(env, nil),
		Tier:          awsssm.ParameterTier_INTELLIGENT_TIERING,
	})
}
