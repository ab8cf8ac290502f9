package main

import (
	"errors"
	"fmt"
	"net/mail"
	"regexp"
	"strconv"
	"strings"

	"github.com/aws/constructs-go/constructs/v10"

	"github.com/plumbline/plumbline/internal/contract"
)

// settings are what differs between stages. They come from the context: the
// file cdk.json, or -c name=value.
type settings struct {
	// stage is in every name, so that stages do not meet.
	stage string
	// registry is the path of plumbline.yaml.
	registry string
	// dist is the folder with a folder for each function.
	dist string
	// domain and certificate are the front's own name and the ARN of its
	// certificate, or blank.
	domain, certificate string
	// alarmEmail is told of alarms, unless blank.
	alarmEmail string
	// eventBus is the EventBridge bus that gets alerts too, or blank.
	eventBus string
	// references are where secrets are, by variable. One that is not used is not
	// there.
	references map[string]string
	// reserved is the concurrency kept for the function receive. 0 keeps none.
	reserved int
	// localSecrets lets a registry with secrets of this machine be synthesised,
	// though it could not run.
	localSecrets bool
}

// name is the physical name of something of the stage.
func (s settings) name(of string) string { return "plumbline-" + s.stage + "-" + of }

// path is the name of something whose names are paths.
func (s settings) path(of string) string { return "/plumbline/" + s.stage + "/" + of }

// The names of the context.
const (
	stageContext        = "stage"
	registryContext     = "registry"
	domainContext       = "domain"
	certificateContext  = "certificate"
	alarmEmailContext   = "alarm-email"
	eventBusContext     = "event-bus"
	slackContext        = "slack"
	reservedContext     = "reserved-concurrency"
	localSecretsContext = "local-secrets"
)

// How Slack is reached.
const (
	slackOff     = "off"
	slackToken   = "token"
	slackWebhook = "webhook"
)

// slackSecrets are the variables of what each way needs.
var slackSecrets = map[string][]string{
	slackOff:     nil,
	slackToken:   {contract.SlackTokenVariable, contract.SlackSigningVariable},
	slackWebhook: {contract.SlackWebhookVariable},
}

// secretContext names the context with a reference; where it is not given, the
// reference is the parameter of that name in the stage.
var secretContext = map[string]string{
	contract.HashKeyVariable:      "hash-key",
	contract.SlackTokenVariable:   "slack-token",
	contract.SlackWebhookVariable: "slack-webhook",
	contract.SlackSigningVariable: "slack-signing",
}

var (
	// A bucket's name has stage, account and region in 63 letters.
	stageName      = regexp.MustCompile(`^[a-z][a-z0-9-]{0,14}[a-z0-9]$|^[a-z]$`)
	certificateARN = regexp.MustCompile(`^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate/[\w-]+$`)
	domainName     = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$`)
	busName        = regexp.MustCompile(`^[\w./-]{1,256}$`)
	ssmReference   = regexp.MustCompile(`^ssm:/[\w./-]+$`)
)

// readSettings reads the context. The error joins everything that is wrong.
func readSettings(node constructs.Node) (settings, error) {
	r := contextReader{node: node}
	s := settings{
		stage:        r.text(stageContext, "prod", "a name of at most 16 small letters, digits and dashes", stageName.MatchString),
		registry:     r.text(registryContext, "plumbline.yaml", "the path of plumbline.yaml", notBlank),
		dist:         "dist",
		domain:       r.text(domainContext, "", "a domain name such as hooks.acme.example", domainName.MatchString),
		certificate:  r.text(certificateContext, "", "the ARN of a certificate of the stage's region", certificateARN.MatchString),
		eventBus:     r.text(eventBusContext, "", "the name of an event bus of this account and region", busName.MatchString),
		alarmEmail:   r.text(alarmEmailContext, "", "an e-mail address", isEmail),
		localSecrets: r.text(localSecretsContext, "false", "true or false", isBool) == "true",
	}
	s.reserved, _ = strconv.Atoi(r.text(reservedContext, "100", "a number of invocations, 0 to reserve none", isCount))
	if (s.domain == "") != (s.certificate == "") {
		r.problem("context %s and context %s belong together: want both or neither", domainContext, certificateContext)
	}
	s.references = r.references(s)
	return s, errors.Join(r.problems...)
}

type contextReader struct {
	node     constructs.Node
	problems []error
}

func (r *contextReader) problem(format string, args ...any) {
	r.problems = append(r.problems, fmt.Errorf(format, args...))
}

// text reads one setting as text; the command line gives nothing else.
func (r *contextReader) text(name, otherwise, want string, right func(string) bool) string {
	given := r.node.TryGetContext(&name)
	if given == nil {
		return otherwise
	}
	value := strings.TrimSpace(fmt.Sprint(given))
	if value == "" {
		return otherwise
	}
	if !right(value) {
		r.problem("context %s: want %s", name, want)
	}
	return value
}

func (r *contextReader) references(s settings) map[string]string {
	mode := r.text(slackContext, slackOff, "off, token or webhook", func(v string) bool { _, ok := slackSecrets[v]; return ok })
	references := map[string]string{}
	for _, variable := range append([]string{contract.HashKeyVariable}, slackSecrets[mode]...) {
		name := secretContext[variable]
		references[variable] = r.text(name, "ssm:"+s.path(name), "ssm:/name: a secret stays in the parameter store", ssmReference.MatchString)
	}
	return references
}

func notBlank(v string) bool { return v != "" }
func isBool(v string) bool   { return v == "true" || v == "false" }
func isEmail(v string) bool  { _, err := mail.ParseAddress(v); return err == nil }
func isCount(v string) bool  { n, err := strconv.Atoi(v); return err == nil && n >= 0 }
