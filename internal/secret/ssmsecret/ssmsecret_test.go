package ssmsecret_test

import (
	"context"
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/plumbline/plumbline/internal/secret/ssmsecret"
)

func TestAParameterIsReadDecrypted(t *testing.T) {
	if got, err := ssmsecret.New(parameters{})(t.Context(), "/a"); err != nil || got != "decrypted /a" {
		t.Errorf("parameter: %q, %v", got, err)
	}
	if _, err := ssmsecret.New(parameters{})(t.Context(), "/none"); err == nil {
		t.Error("an answer without a parameter has a secret")
	}
}

type parameters struct{}

func (parameters) GetParameter(_ context.Context, in *ssm.GetParameterInput, _ ...func(*ssm.Options)) (*ssm.GetParameterOutput, error) {
	if !aws.ToBool(in.WithDecryption) {
		return nil, errors.New("asked for the encrypted value")
	}
	if *in.Name == "/none" {
		return &ssm.GetParameterOutput{}, nil
	}
	return &ssm.GetParameterOutput{Parameter: &types.Parameter{Value: aws.String("decrypted " + *in.Name)}}, nil
}
