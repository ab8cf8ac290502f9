package main

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/contract"
)

// rights lists what a policy allows: action, resource and condition, one line
// for each pair.
func rights(document any) []string {
	var all []string
	for _, s := range list(document.(map[string]any)["Statement"]) {
		s := s.(map[string]any)
		condition := ""
		if s["Condition"] != nil {
			content, _ := json.Marshal(s["Condition"])
			condition = " if " + string(content)
		}
		for _, action := range plains(s["Action"]) {
			for _, resource := range plains(s["Resource"]) {
				all = append(all, plain(s["Effect"])+" "+action+" "+resource+condition)
			}
		}
	}
	return all
}

const here = "${AWS::Region}:${AWS::AccountId}"

// wanted lists what the contract lets a function do, as rights writes it.
func wanted(t *testing.T, function string) []string {
	t.Helper()
	id := func(kind, property, name string) string {
		logical, _ := prod.named(t, kind, property, name)
		return logical
	}
	log := id("AWS::Logs::LogGroup", "LogGroupName", "/plumbline/prod/"+function)
	all := []string{"Allow logs:CreateLogStream ${" + log + ".Arn}", "Allow logs:PutLogEvents ${" + log + ".Arn}"}
	var secrets []string
	for _, g := range contract.Access(function, inboxes...) {
		var resources []string
		condition := ""
		switch g.Kind {
		case contract.TableKind:
			arn := "${" + id("AWS::DynamoDB::Table", "TableName", "plumbline-prod-"+g.Name) + ".Arn}"
			if g.Index != "" {
				arn += "/index/" + g.Index
			}
			resources = []string{arn}
			if len(g.Prefixes) > 0 {
				content, _ := json.Marshal(strings.Fields(strings.Join(g.Prefixes, "* ") + "*"))
				condition = ` if {"ForAllValues:StringLike":{"dynamodb:LeadingKeys":` + string(content) + `}}`
			}
		case contract.QueueKind:
			resources = []string{"${" + id("AWS::SQS::Queue", "QueueName", "plumbline-prod-"+g.Name) + ".Arn}"}
		case contract.TopicKind:
			resources = []string{"${" + id("AWS::SNS::Topic", "TopicName", "plumbline-prod-"+g.Name) + "}"}
		case contract.BucketKind:
			bucket := id("AWS::S3::Bucket", "BucketName", "plumbline-prod-"+g.Name+"-${AWS::AccountId}-${AWS::Region}")
			for _, prefix := range g.Prefixes {
				resources = append(resources, "${"+bucket+".Arn}/"+prefix+"*")
			}
		case contract.ParameterKind:
			resources = []string{"arn:${AWS::Partition}:ssm:" + here + ":parameter/plumbline/prod/" + g.Name}
		case contract.SecretKind:
			for _, name := range secretsOf(g.Name) {
				resources = append(resources, "arn:${AWS::Partition}:ssm:"+here+":parameter/plumbline/"+name)
			}
			secrets = append(secrets, resources...)
		}
		for _, resource := range resources {
			for _, action := range g.Actions {
				all = append(all, "Allow "+action+" "+resource+condition)
			}
		}
	}
	if len(secrets) > 0 {
		all = append(all, "Allow kms:Decrypt of secrets")
	}
	return all
}

// secretsOf are the parameters of the stage prod by a grant's name.
func secretsOf(name string) []string {
	return map[string][]string{
		contract.SystemSecrets:        {"erp", "shopify-us", "wms"},
		contract.HashKeyVariable:      {"prod/hash-key"},
		contract.SlackTokenVariable:   {"prod/slack-token"},
		contract.SlackSigningVariable: {"prod/slack-signing"},
	}[name]
}

func TestRoles_HoldExactlyWhatTheContractSays(t *testing.T) {
	if got := len(prod.all("AWS::IAM::Role")); got != len(contract.Functions())+1 {
		t.Errorf("%d roles, want one for each function, and that of the pipe to the event bus", got)
	}
	if got := len(prod.all("AWS::IAM::Policy")) + len(prod.all("AWS::IAM::ManagedPolicy")); got > 0 {
		t.Errorf("%d policies beside the roles' own", got)
	}
	for _, function := range contract.Functions() {
		_, f := prod.named(t, "AWS::Lambda::Function", "FunctionName", "plumbline-prod-"+function)
		role := prod.Resources[strings.TrimSuffix(strings.TrimPrefix(f.text("Role"), "${"), ".Arn}")]
		if role.at("ManagedPolicyArns") != nil || len(list(role.at("Policies"))) != 1 {
			t.Errorf("%s has other policies: %v", function, role.Properties)
		}
		var got []string
		for _, right := range rights(role.at("Policies", 0, "PolicyDocument")) {
			if strings.HasPrefix(right, "Allow kms:Decrypt ") {
				decryptsSecretsOnly(t, function, right)
				right = "Allow kms:Decrypt of secrets"
			}
			got = append(got, right)
		}
		sameSet(t, "rights of "+function, got, slices.Compact(slices.Sorted(slices.Values(wanted(t, function)))))
	}
}

// decryptsSecretsOnly checks that a key opens nothing but the function's own
// parameters, and for the parameter store alone.
func decryptsSecretsOnly(t *testing.T, function, right string) {
	t.Helper()
	if !strings.Contains(right, `"kms:ViaService":{"Fn::Join":["",["ssm.",{"Ref":"AWS::Region"},".amazonaws.com"]]}`) {
		t.Errorf("%s decrypts for others than the parameter store: %s", function, right)
	}
	var parameters int
	for _, g := range contract.Access(function, inboxes...) {
		if g.Kind == contract.SecretKind {
			parameters += len(secretsOf(g.Name))
		}
	}
	if got := strings.Count(right, ":parameter/plumbline/"); got != parameters || !strings.Contains(right, `"kms:EncryptionContext:PARAMETER_ARN"`) {
		t.Errorf("%s decrypts %d parameters, want %d: %s", function, got, parameters, right)
	}
}

func TestPolicies_HaveNoWildcards(t *testing.T) {
	whole := regexp.MustCompile(`Allow (\S*\*\S* |\S+ \*( |$))`)
	for id, r := range prod.Resources {
		for _, document := range []any{r.at("PolicyDocument"), r.at("Policies", 0, "PolicyDocument")} {
			if document == nil {
				continue
			}
			for _, right := range rights(document) {
				if whole.MatchString(right) {
					t.Errorf("%s: %s", id, right)
				}
			}
		}
	}
}
