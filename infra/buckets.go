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
			BucketName:        text(s.name(name) + "-" + *awscdk.Aws_ACCOUNT_ID() + "-" + *awscdk.Aws_REGION()),
			BlockPublicAccess: awss3.BlockPublicAccess_BLOCK_ALL(),
			ObjectOwnership:   awss3.ObjectOwnership_BUCKET_OWNER_ENFORCED,
			Encryption:        awss3.BucketEncryption_S3_MANAGED,
			EnforceSSL:        yes,
			Versioned:         yes,
			LifecycleRules:    lifecycle(name),
			RemovalPolicy:     awscdk.RemovalPolicy_RETAIN,
		})
	}
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
