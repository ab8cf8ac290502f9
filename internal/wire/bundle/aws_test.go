package bundle

import (
	"strings"
	"testing"
)

func from(env map[string]string) func(string) string {
	return func(name string) string { return env[name] }
}

func TestAWS_IsReachedAsTheServiceSays(t *testing.T) {
	cfg, err := awsConfig(from(map[string]string{
		"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "key", "AWS_SESSION_TOKEN": "token",
	}))
	if err != nil {
		t.Fatal(err)
	}
	got, err := cfg.Credentials.Retrieve(t.Context())
	if err != nil || got.AccessKeyID != "id" || got.SecretAccessKey != "key" || got.SessionToken != "token" || cfg.Region != "eu-west-1" {
		t.Errorf("region %s, id %s, %v", cfg.Region, got.AccessKeyID, err)
	}
}

func TestAWS_NamesEveryVariableThatIsMissing(t *testing.T) {
	_, err := awsConfig(from(map[string]string{"AWS_SECRET_ACCESS_KEY": "hidden"}))
	if err == nil || !strings.Contains(err.Error(), "AWS_REGION") || !strings.Contains(err.Error(), "AWS_ACCESS_KEY_ID") {
		t.Errorf("%v, want both variables named", err)
	}
	if err != nil && strings.Contains(err.Error(), "hidden") {
		t.Errorf("the error repeats a value: %v", err)
	}
}

func TestEndpoints_AreOverriddenByTheEnvironmentAlone(t *testing.T) {
	own := from(map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": "http://tables", "AWS_ENDPOINT_URL_EVENT_BRIDGE": "http://events"})
	shared := from(map[string]string{"AWS_ENDPOINT_URL": "http://all", "AWS_ENDPOINT_URL_SQS": "http://queues"})
	for _, c := range []struct {
		service string
		getenv  func(string) string
		want    string
	}{
		{"DynamoDB", own, "http://tables"},
		{"Event Bridge", own, "http://events"},
		{"SQS", own, ""},
		{"SQS", shared, "http://queues"},
		{"DynamoDB", shared, "http://all"},
	} {
		got, found, err := endpoints(c.getenv).GetServiceBaseEndpoint(t.Context(), c.service)
		if err != nil || got != c.want || found != (c.want != "") {
			t.Errorf("%s: %q, %t, %v; want %q", c.service, got, found, err, c.want)
		}
	}
}
