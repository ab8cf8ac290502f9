package e2e_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/secret"
	"github.com/plumbline/plumbline/internal/wire"
)

// handlers builds every function as it is deployed: with a configuration that can
// do what its role may, and with its secrets in the parameter store.
func (w *world) handlers(ctx context.Context, o wire.Options) (map[string]lambda.Handler, error) {
	all := map[string]lambda.Handler{}
	for _, function := range wire.Functions() {
		h, err := w.function(ctx, function, o)
		if err != nil {
			return nil, fmt.Errorf("build %s: %w", function, err)
		}
		all[function] = h
	}
	return all, nil
}

// function builds one function as it is deployed.
func (w *world) function(ctx context.Context, name string, o wire.Options) (lambda.Handler, error) {
	role := name
	if name == contract.Notify && o.Getenv(contract.SlackWebhookVariable) != "" {
		role = "notify by webhook"
	}
	values := ssmValues{"/plumbline/prod/" + contract.Generation: w.wire.Registry.Generation}
	given := o.Getenv
	secrets := wire.NewSecrets(given(contract.RegistryVariable), given, o.AWS)
	o.Getenv = func(variable string) string {
		if at, ok := parameterOf[variable]; ok && values[at] != "" {
			return "ssm:" + at
		}
		return given(variable)
	}
	for variable, at := range parameterOf {
		if variable == contract.GenerationVariable {
			continue
		}
		if err := values.keep(ctx, secrets, at, given(variable)); err != nil {
			return nil, err
		}
	}
	if name == contract.Respond && given(contract.SlackSigningVariable) == "" { // answers nobody without Slack; notify has the console
		values[parameterOf[contract.SlackTokenVariable]], values[parameterOf[contract.SlackSigningVariable]] = secretValue, secretValue
		o.Transport = slackAPI{}
	}
	own := map[string]registry.System{}
	for system, s := range w.wire.Registry.Systems {
		at := "/plumbline/" + deployedAs(system)
		if err := values.keep(ctx, secrets, at, s.Secrets...); err != nil {
			return nil, err
		}
		if err := values.keep(ctx, secrets, at+"-api", s.Credential); err != nil {
			return nil, err
		}
		s.Secrets = []string{"ssm:" + at}
		if s.Credential != "" {
			s.Credential = "ssm:" + at + "-api"
		}
		own[system] = s
	}
	o.AWS = guarded(w.AWSConfig(), role, w.Resources, &decided)
	o.AWS.HTTPClient = parameterStore{role, values, o.AWS.HTTPClient, &decided}
	built, err := wire.New(o)
	if err != nil {
		return nil, err
	}
	built.Registry.Systems = own
	built.Registry.ChangeSecrets = own["erp"].Secrets // the demo lets nobody tell of changes
	return built.Handler(ctx, name)
}

// deployedAs is the system whose secrets a stage has in the place of one that
// these tests alone have.
func deployedAs(system string) string {
	if system == "shop" {
		return "shopify-us"
	}
	return system
}

// parameterOf is where a stage has what variables refer to.
var parameterOf = map[string]string{
	contract.GenerationVariable:   "/plumbline/prod/" + contract.Generation,
	contract.HashKeyVariable:      "/plumbline/prod/hash-key",
	contract.SlackTokenVariable:   "/plumbline/prod/slack-token",
	contract.SlackWebhookVariable: "/plumbline/prod/slack-webhook",
	contract.SlackSigningVariable: "/plumbline/prod/slack-signing",
}

// secretValue is what secrets hold that nothing refers to.
const secretValue = "a key for these tests"

// ssmValues are the values of the parameter store by name.
type ssmValues map[string]string

// keep puts the secret that a reference names into a parameter. Of several it is
// the first, and of none nothing.
func (v ssmValues) keep(ctx context.Context, from *secret.Resolver, at string, references ...string) error {
	if len(references) == 0 || references[0] == "" {
		return nil
	}
	ref, err := secret.Parse(references[0])
	if err != nil {
		return err
	}
	v[at], err = from.Resolve(ctx, ref)
	return err
}

// parameterStore answers what the emulators have no service for, and passes
// everything else on.
type parameterStore struct {
	role   string
	values ssmValues
	next   aws.HTTPClient
	ledger *ledger
}

func (p parameterStore) Do(r *http.Request) (*http.Response, error) {
	if r.Header.Get("X-Amz-Target") != "AmazonSSM.GetParameter" {
		return p.next.Do(r)
	}
	var asked struct{ Name string }
	if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
		return nil, err
	}
	status, answer := http.StatusOK, map[string]any{"Parameter": map[string]string{"Value": p.values[asked.Name]}}
	if err := p.ledger.decide(p.role, request{action: "ssm:GetParameter", resource: arn(contract.ParameterKind, asked.Name)}); err != nil {
		status, answer = http.StatusBadRequest, map[string]any{"__type": "AccessDeniedException", "Message": err.Error()}
	}
	body, err := json.Marshal(answer)
	return &http.Response{StatusCode: status, Body: io.NopCloser(strings.NewReader(string(body)))}, err
}

// slackAPI is content with everything.
type slackAPI struct{}

func (slackAPI) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(`{"ok":true}`))}, nil
}
