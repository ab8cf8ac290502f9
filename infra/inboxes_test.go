package main

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/plumbline/plumbline/internal/contract"
)

// admissions lists who may do what with a queue, one line for each grant.
func admissions(t *testing.T, name string) []string {
	t.Helper()
	queue, _ := prod.named(t, "AWS::SQS::Queue", "QueueName", "plumbline-prod-"+name)
	var all []string
	for _, policy := range prod.all("AWS::SQS::QueuePolicy") {
		if plains(policy.at("Queues"))[0] != "${"+queue+"}" {
			continue
		}
		for _, s := range list(policy.at("PolicyDocument", "Statement")) {
			s := s.(map[string]any)
			if plain(s["Effect"]) != "Allow" {
				continue
			}
			condition, _ := json.Marshal(s["Condition"])
			for _, action := range plains(s["Action"]) {
				all = append(all, fmt.Sprintf("%s %s %s if %s", plain(s["Principal"]), action, plain(s["Resource"]), condition))
			}
		}
	}
	return all
}

func TestInboxes_LetInTheirSendersAlone(t *testing.T) {
	arn := func(name string) string {
		queue, _ := prod.named(t, "AWS::SQS::Queue", "QueueName", "plumbline-prod-"+name)
		return "${" + queue + ".Arn}"
	}
	const (
		commercetools = `{"AWS":"arn:aws:iam::362576667341:user/subscriptions"}`
		amazon        = `{"AWS":"arn:aws:iam::437568002678:root"}`
		rule          = `{"ArnEquals":{"aws:SourceArn":"arn:aws:events:us-east-1:111122223333:rule/partner/listings"}}`
	)
	catalogue, marketplace := contract.Inbox("catalogue"), contract.Inbox("amazon-us")
	sameSet(t, "who may do what with "+catalogue, admissions(t, catalogue), []string{
		commercetools + " sqs:SendMessage " + arn(catalogue) + " if null",
	})
	sameSet(t, "who may do what with "+marketplace, admissions(t, marketplace), []string{
		amazon + " sqs:SendMessage " + arn(marketplace) + " if null",
		amazon + " sqs:GetQueueAttributes " + arn(marketplace) + " if null",
		`{"Service":"events.amazonaws.com"} sqs:SendMessage ` + arn(marketplace) + " if " + rule,
	})
	const exports = `{"ArnEquals":{"aws:SourceArn":{"Fn::Join":["",["arn:",{"Ref":"AWS::Partition"},":s3:::plumbline-prod-exports-",` +
		`{"Ref":"AWS::AccountId"},"-",{"Ref":"AWS::Region"}]]}},"StringEquals":{"aws:SourceAccount":{"Ref":"AWS::AccountId"}}}`
	sameSet(t, "who may do what with "+contract.Loads, admissions(t, contract.Loads), []string{
		`{"Service":"s3.amazonaws.com"} sqs:SendMessage ` + arn(contract.Loads) + " if " + exports,
	})
	for _, q := range contract.Queues(inboxes...) {
		if q.Name != contract.Loads && q.Name != catalogue && q.Name != marketplace && q.Name != contract.Notices {
			sameSet(t, "who may do what with "+q.Name, admissions(t, q.Name), nil)
		}
	}
}

func TestInboxes_AreNotThereWhereNoSystemHasOne(t *testing.T) {
	if got, want := len(staging.all("AWS::SQS::Queue")), len(contract.Queues()); got != want {
		t.Errorf("%d queues, want %d", got, want)
	}
}
