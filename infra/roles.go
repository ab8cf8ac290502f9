package main

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/plumbline/plumbline/internal/contract"
)

// newRole is the role of one function: what the contract says it may do, and
// the lines of its own log. Nothing adds to it later.
func (s *stack) newRole(scope constructs.Construct, function string, log awslogs.LogGroup) awsiam.IRole {
	statements := []awsiam.PolicyStatement{allow([]string{"logs:CreateLogStream", "logs:PutLogEvents"}, *log.LogGroupArn())}
	var secrets []string
	for _, g := range contract.Access(function, s.registry.Inboxes()...) {
		resources := s.resources(g)
		if len(resources) == 0 {
			continue
		}
		if g.Kind == contract.SecretKind {
			secrets = append(secrets, resources...)
		}
		statements = append(statements, limited(allow(g.Actions, resources...), g))
	}
	if len(secrets) > 0 {
		statements = append(statements, s.decrypt(secrets))
	}
	role := awsiam.NewRole(scope, text("Role-"+function), &awsiam.RoleProps{
		Description:    text("What " + function + " of Plumbline, stage " + s.stage + ", may do"),
		AssumedBy:      awsiam.NewServicePrincipal(text("lambda.amazonaws.com"), nil),
		InlinePolicies: &map[string]awsiam.PolicyDocument{"access": awsiam.NewPolicyDocument(&awsiam.PolicyDocumentProps{Statements: &statements})},
	})
	return role.WithoutPolicyUpdates(nil)
}

func allow(actions []string, resources ...string) awsiam.PolicyStatement {
	return awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{Actions: texts(actions), Resources: texts(resources)})
}

// limited keeps a grant of a table to some of its items.
func limited(p awsiam.PolicyStatement, g contract.Grant) awsiam.PolicyStatement {
	if g.Kind == contract.TableKind && len(g.Prefixes) > 0 {
		keys := make([]string, 0, len(g.Prefixes))
		for _, prefix := range g.Prefixes {
			keys = append(keys, prefix+"*")
		}
		p.AddCondition(text("ForAllValues:StringLike"), map[string]any{"dynamodb:LeadingKeys": keys})
	}
	return p
}

// resources are the ARNs that a grant is about; none where a secret is not
// used.
func (s *stack) resources(g contract.Grant) []string {
	switch g.Kind {
	case contract.TableKind:
		arn := *s.tables[g.Name].TableArn()
		if g.Index != "" {
			arn += "/index/" + g.Index
		}
		return []string{arn}
	case contract.QueueKind:
		return []string{*s.queues[g.Name].QueueArn()}
	case contract.TopicKind:
		return []string{*s.topics[g.Name].TopicArn()}
	case contract.BucketKind:
		var all []string
		for _, prefix := range g.Prefixes {
			all = append(all, *s.buckets[g.Name].ArnForObjects(text(prefix + "*")))
		}
		return all
	case contract.ParameterKind:
		return []string{s.parameterARN(s.path(g.Name))}
	case contract.SecretKind:
		return s.secretARNs(g.Name)
	}
	return nil
}

// secretARNs are the parameters behind the references of a name.
func (s *stack) secretARNs(name string) []string {
	references := []string{s.references[name]}
	switch name {
	case contract.SystemSecrets:
		references = systemSecrets(s.registry)
	case contract.SystemCredentials:
		references = systemCredentials(s.registry)
	}
	var all []string
	for _, ref := range references {
		if parameter, ok := strings.CutPrefix(ref, "ssm:"); ok {
			all = append(all, s.parameterARN(parameter))
		}
	}
	return all
}

func (s *stack) parameterARN(name string) string {
	return *s.cdk.FormatArn(&awscdk.ArnComponents{Service: text("ssm"), Resource: text("parameter"), ResourceName: text(strings.TrimPrefix(name, "/"))})
}

// decrypt opens the parameters whichever key of the account closes them: the
// parameter store says which parameter it decrypts, and is the only one that
// may ask.
func (s *stack) decrypt(parameters []string) awsiam.PolicyStatement {
	keys := *s.cdk.FormatArn(&awscdk.ArnComponents{Service: text("kms"), Resource: text("key"), ResourceName: text("*")})
	p := allow([]string{"kms:Decrypt"}, keys)
	p.AddCondition(text("StringEquals"), map[string]any{
		"kms:ViaService":                      "ssm." + *awscdk.Aws_REGION() + ".amazonaws.com",
		"kms:EncryptionContext:PARAMETER_ARN": parameters,
	})
	return p
}

func texts(all []string) *[]*string {
	out := make([]*string, 0, len(all))
	for _, s := range all {
		out = append(out, text(s))
	}
	return &out
}
