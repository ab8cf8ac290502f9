package binaries_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// What no function may link: it would cost more than the function itself.
var never = []string{
	"github.com/aws/aws-cdk-go", "github.com/aws/constructs-go", "github.com/aws/jsii-runtime-go",
	"github.com/aws/aws-sdk-go-v2/config", "github.com/plumbline/plumbline/infra", "github.com/plumbline/plumbline/internal/local",
	"net/http/pprof", "net/rpc", "testing",
}

// The heavy parts, and who has a use for them.
var heavy = map[string][]string{
	"github.com/aws/aws-sdk-go-v2/service/dynamodb":        {"fetch", "merge", "load", "drift", "notify", "respond", "archive"},
	"github.com/aws/aws-sdk-go-v2/service/sqs":             {"receive", "fetch", "merge", "load", "drift", "respond", "archive"},
	"github.com/aws/aws-sdk-go-v2/service/sns":             {"drift", "notify", "respond"},
	"github.com/aws/aws-sdk-go-v2/service/s3":              {"receive", "fetch", "merge", "load", "drift", "archive"},
	"github.com/aws/aws-sdk-go-v2/service/ssm":             nil,
	"github.com/slack-go/slack":                            {"notify", "respond"},
	"github.com/goccy/go-json":                             {"receive", "fetch"},
	"github.com/plumbline/plumbline/internal/platform/all": {"receive", "fetch"},
}

func TestNoFunctionLinksWhatItHasNoUseFor(t *testing.T) {
	each(t, func(t *testing.T, function string) {
		cmd := exec.CommandContext(t.Context(), "go", "list", "-deps", "-tags", "lambda.norpc", "./functions/"+function)
		cmd.Dir = root
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		linked := strings.Fields(string(out))
		for _, name := range never {
			if slices.ContainsFunc(linked, func(l string) bool { return l == name || strings.HasPrefix(l, name+"/") }) {
				t.Errorf("%s links %s", function, name)
			}
		}
		for name, users := range heavy {
			if slices.Contains(linked, name) && !slices.Contains(users, function) {
				t.Errorf("%s links %s, which is for %v", function, name, users)
			}
		}
	})
}
