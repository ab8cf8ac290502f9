package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"

	"github.com/plumbline/plumbline/internal/contract"
)

// newBuckets makes the buckets. The account is in their names, because all
// accounts share one list of names.
func (s *stack) newBuckets() {
	scope := s.part("Buckets")
	s.buckets = map[string]awss3.Bucket{}
	for _, name := range contract.Buckets() {
		s.buckets[name] = awss3.NewBucket(scope, text(name), &awss3.BucketProps{
			BucketName:        text(s.bucketName(name)),
			BlockPublicAccess: awss3.BlockPublicAccess_BLOCK_ALL(),
			ObjectOwnership:   awss3.ObjectOwnership_BUCKET_OWNER_ENFORCED,
			Encryption:        awss3.BucketEncryption_S3_MANAGED,
			EnforceSSL:        yes,
			Versioned:         yes,
			LifecycleRules:    lifecycle(name),
			RemovalPolicy:     awscdk.RemovalPolicy_RETAIN,
		})
	}
	s.announceExports()
}

// announceExports has the bucket of exports tell the queue of loads of every file
// that comes in. It is said in the bucket itself: another way would bring a
// function along that writes to all buckets.
func (s *stack) announceExports() {
	bucket, queue := s.buckets[contract.ExportsBucket], s.queues[contract.Loads]
	told := allow([]string{"sqs:SendMessage"}, *queue.QueueArn())
	told.AddServicePrincipal(text("s3.amazonaws.com"), nil)
	told.AddCondition(text("ArnEquals"), map[string]any{"aws:SourceArn": "arn:" + *awscdk.Aws_PARTITION() + ":s3:::" + s.bucketName(contract.ExportsBucket)})
	told.AddCondition(text("StringEquals"), map[string]any{"aws:SourceAccount": *awscdk.Aws_ACCOUNT_ID()})
	may := queue.AddToResourcePolicy(told)
	raw := bucket.Node().DefaultChild().(awss3.CfnBucket)
	raw.SetNotificationConfiguration(&awss3.CfnBucket_NotificationConfigurationProperty{
		QueueConfigurations: []any{&awss3.CfnBucket_QueueConfigurationProperty{
			Event: text("s3:ObjectCreated:*"), Queue: queue.QueueArn(),
			Filter: &awss3.CfnBucket_NotificationFilterProperty{S3Key: &awss3.CfnBucket_S3KeyFilterProperty{
				Rules: []any{&awss3.CfnBucket_FilterRuleProperty{Name: text("prefix"), Value: text(contract.ExportKeys)}},
			}},
		}},
	})
	bucket.Node().AddDependency(may.PolicyDependable)
}

func (s *stack) bucketName(name string) string {
	return s.name(name) + "-" + *awscdk.Aws_ACCOUNT_ID() + "-" + *awscdk.Aws_REGION()
}

// lifecycle says what goes from a bucket, and when.
func lifecycle(bucket string) *[]*awss3.LifecycleRule {
	rules := []*awss3.LifecycleRule{{
		Id:                                  text("replaced"),
		AbortIncompleteMultipartUploadAfter: whole(day),
		NoncurrentVersionExpiration:         whole(contract.Replaced),
		ExpiredObjectDeleteMarker:           yes,
	}}
	for _, e := range contract.Expiries() {
		if e.Bucket != bucket {
			continue
		}
		rule := &awss3.LifecycleRule{Id: text("expired-" + e.Prefix), Expiration: whole(e.After)}
		if e.Prefix != "" {
			rule.Prefix = text(e.Prefix)
		}
		rules = append(rules, rule)
	}
	return &rules
}
