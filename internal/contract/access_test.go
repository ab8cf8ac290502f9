package contract_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/contract"
)

// services are the prefixes of the actions of each kind.
var services = map[contract.Kind]string{
	contract.TableKind: "dynamodb:", contract.QueueKind: "sqs:", contract.TopicKind: "sns:", contract.BucketKind: "s3:",
	contract.ParameterKind: "ssm:", contract.SecretKind: "ssm:",
}

func TestAccess_NamesOneResourceAndEachAction(t *testing.T) {
	for _, function := range contract.Functions() {
		for _, g := range contract.Access(function) {
			if g.Name == "" || len(g.Actions) == 0 {
				t.Errorf("%s may do %v to %q", function, g.Actions, g.Name)
			}
			for _, action := range g.Actions {
				if !strings.HasPrefix(action, services[g.Kind]) || strings.Contains(action, "*") {
					t.Errorf("%s may %s with the %s %s", function, action, g.Kind, g.Name)
				}
			}
		}
	}
}

func TestAccess_IsToWhatExists(t *testing.T) {
	exists := map[contract.Kind][]string{
		contract.TopicKind:  contract.Topics(),
		contract.BucketKind: contract.Buckets(),
		contract.SecretKind: {
			contract.SystemSecrets, contract.SystemCredentials, contract.HashKeyVariable,
			contract.SlackTokenVariable, contract.SlackWebhookVariable, contract.SlackSigningVariable,
		},
	}
	for _, q := range contract.Queues() {
		exists[contract.QueueKind] = append(exists[contract.QueueKind], q.Name)
	}
	for _, table := range contract.Tables() {
		exists[contract.TableKind] = append(exists[contract.TableKind], table.Name)
		for _, i := range table.Indexes {
			exists[contract.TableKind] = append(exists[contract.TableKind], table.Name+"/"+i.Name)
		}
	}
	for _, function := range contract.Functions() {
		for _, g := range contract.Access(function) {
			if g.Kind == contract.ParameterKind {
				if g.Name != contract.Generation {
					t.Errorf("%s asks for the parameter %s, which is not there", function, g.Name)
				}
				continue
			}
			name := g.Name
			if g.Index != "" {
				name += "/" + g.Index
			}
			if !slices.Contains(exists[g.Kind], name) {
				t.Errorf("%s has access to the %s %s, which is not there", function, g.Kind, name)
			}
		}
	}
}

// may lists the actions of a function on a resource.
func may(function string, kind contract.Kind, name string) []string {
	var actions []string
	for _, g := range contract.Access(function) {
		if g.Kind == kind && g.Name == name {
			actions = append(actions, g.Actions...)
		}
	}
	slices.Sort(actions)
	return slices.Compact(actions)
}

func TestAccess_EachDoesItsOwnWorkAlone(t *testing.T) {
	for _, c := range []struct {
		says     string
		kind     contract.Kind
		name     string
		action   string
		function []string
	}{
		{"rows are written by", contract.TableKind, contract.Records, "dynamodb:PutItem", []string{contract.Merge, contract.Drift}},
		{"observations are queued by", contract.QueueKind, contract.Observations, "sqs:SendMessage", []string{contract.Receive, contract.Fetch, contract.Drift, contract.Archive}},
		{"what exports say is queued by", contract.QueueKind, contract.Bulk, "sqs:SendMessage", []string{contract.Load}},
		{"what exports say is taken by", contract.QueueKind, contract.Bulk, "sqs:DeleteMessage", []string{contract.Merge}},
		{"exports are read by", contract.BucketKind, contract.ExportsBucket, "s3:GetObject", []string{contract.Load}},
		{"fetches are queued by", contract.QueueKind, contract.Fetches, "sqs:SendMessage", []string{contract.Receive, contract.Fetch}},
		{"systems' credentials are read by", contract.SecretKind, contract.SystemCredentials, "ssm:GetParameter", []string{contract.Fetch}},
		{"observations are taken by", contract.QueueKind, contract.Observations, "sqs:DeleteMessage", []string{contract.Merge}},
		{"merged deliveries are queued by", contract.QueueKind, contract.Merged, "sqs:SendMessage", []string{contract.Merge}},
		{"the archive is written by", contract.BucketKind, contract.ArchiveBucket, "s3:PutObject", []string{contract.Archive}},
		{"alerts are published by", contract.TopicKind, contract.Alerts, "sns:Publish", []string{contract.Drift, contract.Respond}},
		{"mail is sent by", contract.TopicKind, contract.Mail, "sns:Publish", []string{contract.Notify}},
		{"decisions are queued by", contract.QueueKind, contract.Decisions, "sqs:SendMessage", []string{contract.Respond}},
		{"rows are walked by", contract.TableKind, contract.Records, "dynamodb:Scan", []string{contract.Load, contract.Drift}},
		{"the current generation is asked by", contract.ParameterKind, contract.Generation, "ssm:GetParameter", []string{contract.Merge, contract.Load, contract.Drift}},
		{"systems' secrets are read by", contract.SecretKind, contract.SystemSecrets, "ssm:GetParameter", []string{contract.Receive}},
		{"the key of hashes is read by", contract.SecretKind, contract.HashKeyVariable, "ssm:GetParameter", []string{contract.Receive, contract.Fetch, contract.Load}},
		{"Slack's signing secret is read by", contract.SecretKind, contract.SlackSigningVariable, "ssm:GetParameter", []string{contract.Respond}},
		{"Slack's webhook is read by", contract.SecretKind, contract.SlackWebhookVariable, "ssm:GetParameter", []string{contract.Notify}},
	} {
		var got []string
		for _, function := range contract.Functions() {
			if slices.Contains(may(function, c.kind, c.name), c.action) {
				got = append(got, function)
			}
		}
		if !slices.Equal(got, c.function) {
			t.Errorf("%s %v, want %v", c.says, got, c.function)
		}
	}
}

func TestAccess_MergeWritesNothingButMarksAndArrivalsBesideRows(t *testing.T) {
	for _, g := range contract.Access(contract.Merge) {
		if slices.Equal(g.Actions, []string{"dynamodb:GetItem"}) && slices.Equal(g.Prefixes, []string{contract.DocumentKeys}) {
			continue // what is learnt
		}
		if slices.Equal(g.Actions, []string{"dynamodb:UpdateItem"}) && slices.Equal(g.Prefixes, []string{contract.ArrivalKeys, contract.ReceiptKeys}) {
			continue // when systems were heard, and what of files is merged
		}
		if g.Kind == contract.TableKind && g.Name == contract.Findings && !slices.Equal(g.Prefixes, []string{contract.MarkKeys}) {
			t.Errorf("merge may %v with %v of the findings table", g.Actions, g.Prefixes)
		}
	}
}

func TestAccess_AFunctionConsumesItsQueues(t *testing.T) {
	want := []string{"sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"}
	for _, q := range contract.Queues() {
		if q.Consumer == "" {
			continue
		}
		actions := may(q.Consumer, contract.QueueKind, q.Name)
		for _, action := range want {
			if !slices.Contains(actions, action) {
				t.Errorf("%s lacks %s of %s", q.Consumer, action, q.Name)
			}
		}
	}
}
