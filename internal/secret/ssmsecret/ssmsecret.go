// Package ssmsecret is the source of secrets in AWS Systems Manager's parameter
// store. It is apart from package secret because a function without secrets
// must not link the client.
package ssmsecret

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/plumbline/plumbline/internal/secret"
)

// Parameters is what New needs of the parameter store.
type Parameters interface {
	GetParameter(ctx context.Context, in *ssm.GetParameterInput, opts ...func(*ssm.Options)) (*ssm.GetParameterOutput, error)
}

// New reads parameters with decryption.
func New(client Parameters) secret.Source {
	return func(ctx context.Context, name string) (string, error) {
		out, err := client.GetParameter(ctx, &ssm.GetParameterInput{Name: &name, WithDecryption: aws.Bool(true)})
		if err != nil {
			return "", err
		}
		if out.Parameter == nil {
			return "", errors.New("the answer holds no parameter")
		}
		return aws.ToString(out.Parameter.Value), nil
	}
}
