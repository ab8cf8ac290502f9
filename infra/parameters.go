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

// newEnvironment tells the command line what the functions are told, and where
// the front is.
func (s *stack) newEnvironment(f front) {
	env := s.environment()
	env[contract.FrontVariable] = text(f.address)
	awsssm.NewStringParameter(s.part("Environment"), text("parameter"), &awsssm.StringParameterProps{
		ParameterName: text(contract.EnvironmentParameter(s.stage)),
		Description:   text("Where everything of this stage is, for the command line"),
		StringValue:   s.cdk.ToJsonString(env, nil),
	})
}
