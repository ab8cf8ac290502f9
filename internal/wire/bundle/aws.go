package bundle

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// awsConfig reads how AWS is reached from the variables that the Lambda service
// sets, and the endpoints from AWS_ENDPOINT_URL_<SERVICE> where a function runs
// elsewhere. The SDK's own reader knows a dozen more places, none of which
// exists beside a function, and links a client for each of them.
func awsConfig(getenv func(string) string) (aws.Config, error) {
	var missing []error
	required := func(name string) string {
		value := getenv(name)
		if value == "" {
			missing = append(missing, fmt.Errorf("%s is not set: want what the Lambda service sets", name))
		}
		return value
	}
	cfg := aws.Config{
		Region: required("AWS_REGION"),
		Credentials: credentials.NewStaticCredentialsProvider(
			required("AWS_ACCESS_KEY_ID"), required("AWS_SECRET_ACCESS_KEY"), getenv("AWS_SESSION_TOKEN")),
		ConfigSources: []any{endpoints(getenv)},
		HTTPClient:    awshttp.NewBuildableClient(),
	}
	return cfg, errors.Join(missing...)
}

// endpoints gives the SDK's clients the addresses of the environment.
type endpoints func(string) string

// GetServiceBaseEndpoint is what the SDK's clients ask for their address.
func (getenv endpoints) GetServiceBaseEndpoint(_ context.Context, sdkID string) (string, bool, error) {
	service := strings.ToUpper(strings.ReplaceAll(sdkID, " ", "_"))
	for _, name := range []string{"AWS_ENDPOINT_URL_" + service, "AWS_ENDPOINT_URL"} {
		if url := getenv(name); url != "" {
			return url, true, nil
		}
	}
	return "", false, nil
}
