package secret

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
)

// Parameters is what FromSSM needs of the parameter store.
type Parameters interface {
	GetParameter(ctx context.Context, in *ssm.GetParameterInput, opts ...func(*ssm.Options)) (*ssm.GetParameterOutput, error)
}

// FromSSM reads parameters with decryption.
func FromSSM(client Parameters) Source {
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

// FromEnv reads environment variables through getenv.
func FromEnv(getenv func(string) string) Source {
	return func(_ context.Context, name string) (string, error) {
		if value := getenv(name); value != "" {
			return value, nil
		}
		return "", errors.New("the variable is not set")
	}
}

// FromFiles reads files; a relative path starts at dir, the registry's folder.
// One newline at the end of a file is not part of the secret.
func FromFiles(dir string) Source {
	return func(_ context.Context, name string) (string, error) {
		if !filepath.IsAbs(name) {
			name = filepath.Join(dir, filepath.FromSlash(name))
		}
		text, err := os.ReadFile(name)
		if errors.Is(err, fs.ErrNotExist) {
			return "", errors.New("there is no such file")
		}
		if err != nil {
			return "", err
		}
		return strings.TrimSuffix(strings.TrimSuffix(string(text), "\n"), "\r"), nil
	}
}
