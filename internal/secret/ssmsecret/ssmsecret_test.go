package ssmsecret_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/plumbline/plumbline/internal/secret/ssmsecret"
)

// parameters is a store that answers each request with the next answer, and
// keeps what it was asked.
type parameters struct {
	answers []answer
	asked   []*http.Request
	bodies  []string
}

type answer struct {
	status int
	body   string
}

func (p *parameters) Do(r *http.Request) (*http.Response, error) {
	body, _ := io.ReadAll(r.Body)
	p.asked, p.bodies = append(p.asked, r), append(p.bodies, string(body))
	a := p.answers[0]
	p.answers = p.answers[1:]
	if a.status == 0 {
		return nil, errors.New("connection refused")
	}
	return &http.Response{StatusCode: a.status, Body: io.NopCloser(strings.NewReader(a.body))}, nil
}

func (p *parameters) config(sources ...any) aws.Config {
	return aws.Config{
		Region: "eu-west-1", Credentials: credentials.NewStaticCredentialsProvider("id", "key", "token"), HTTPClient: p, ConfigSources: sources,
		Retryer: func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) { o.MaxBackoff = time.Millisecond })
		},
	}
}

const known = `{"Parameter":{"Name":"/a","Type":"SecureString","Value":"open sesame"}}`

func TestAParameterIsReadDecrypted(t *testing.T) {
	p := &parameters{answers: []answer{{200, known}}}
	got, err := ssmsecret.New(p.config(), time.Now)(t.Context(), "/a")
	if err != nil || got != "open sesame" {
		t.Fatalf("%q, %v", got, err)
	}
	r := p.asked[0]
	var asked struct {
		Name           string
		WithDecryption bool
	}
	if err := json.Unmarshal([]byte(p.bodies[0]), &asked); err != nil || asked.Name != "/a" || !asked.WithDecryption {
		t.Errorf("asked for %s", p.bodies[0])
	}
	if r.URL.String() != "https://ssm.eu-west-1.amazonaws.com" || r.Header.Get("X-Amz-Target") != "AmazonSSM.GetParameter" {
		t.Errorf("asked %s for %s", r.URL, r.Header.Get("X-Amz-Target"))
	}
	if !strings.Contains(r.Header.Get("Authorization"), "/eu-west-1/ssm/aws4_request") || r.Header.Get("X-Amz-Security-Token") != "token" {
		t.Errorf("signed with %v", r.Header)
	}
}

type elsewhere string

func (e elsewhere) GetServiceBaseEndpoint(_ context.Context, sdkID string) (string, bool, error) {
	return string(e) + "/" + sdkID, e != "", nil
}

func TestTheEndpointIsTheConfigurations(t *testing.T) {
	for _, c := range []struct {
		region, want string
		sources      []any
	}{
		{"eu-west-1", "http://local/SSM", []any{"no source", elsewhere(""), elsewhere("http://local")}},
		{"eu-west-1", "https://ssm.eu-west-1.amazonaws.com", []any{elsewhere("")}},
		{"cn-north-1", "https://ssm.cn-north-1.amazonaws.com.cn", nil},
	} {
		p := &parameters{answers: []answer{{200, known}}}
		cfg := p.config(c.sources...)
		cfg.Region = c.region
		if _, err := ssmsecret.New(cfg, time.Now)(t.Context(), "/a"); err != nil || p.asked[0].URL.String() != c.want {
			t.Errorf("asked %s, %v; want %s", p.asked[0].URL, err, c.want)
		}
	}
}

func TestWhatMayPassIsTriedAgain(t *testing.T) {
	busy := answer{400, `{"__type":"com.amazonaws.ssm#ThrottlingException","message":"Rate exceeded"}`}
	for _, c := range []struct {
		name    string
		answers []answer
		asked   int
		err     string
	}{
		{"throttled", []answer{busy, {200, known}}, 2, ""},
		{"not reached", []answer{{}, {200, known}}, 2, ""},
		{"out of order", []answer{{500, "oops"}, {503, ""}, {200, known}}, 3, ""},
		{"out of order for long", []answer{busy, busy, busy}, 3, "ThrottlingException"},
		{"not there", []answer{{400, `{"__type":"ParameterNotFound"}`}}, 1, "ParameterNotFound"},
		{"not allowed", []answer{{400, `{"__type":"AccessDeniedException","message":"no ssm:GetParameter on /a"}`}}, 1, "no ssm:GetParameter on /a"},
		{"nothing in it", []answer{{200, `{"Parameter":{}}`}}, 1, "no parameter"},
		{"no answer at all", []answer{{200, `<html>`}}, 1, "no parameter"},
	} {
		p := &parameters{answers: c.answers}
		got, err := ssmsecret.New(p.config(), time.Now)(t.Context(), "/a")
		if len(p.asked) != c.asked || (err == nil) != (c.err == "") || (err == nil) != (got == "open sesame") {
			t.Errorf("%s: %q, %v after %d requests, want %d", c.name, got, err, len(p.asked), c.asked)
		}
		if err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%s: %v, want %q", c.name, err, c.err)
		}
	}
}
