// Package config reads a function's environment, once, and reports everything
// that is wrong with it at once. No other package asks the environment.
//
// It leaves secrets where they are: it hands out references, which package
// secret resolves.
package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/secret"
)

// Config is what a function knows of where it runs.
type Config struct {
	// Stage names the deployment.
	Stage string
	// Registry is the path of plumbline.yaml.
	Registry string
	// Tables, Queues, Topics and Buckets hold the deployed name, URL, ARN and
	// name by the contract's name. All of the contract are present, dead letter
	// queues included.
	Tables  map[string]string
	Queues  map[string]string
	Topics  map[string]string
	Buckets map[string]string
	// Generation is the reference of the registry generation that is current, or
	// blank.
	Generation secret.Reference
	// HashKey is the reference of the key of personal identifiers' hashes.
	HashKey secret.Reference
	Slack   Slack
}

// Slack says how alerts reach Slack. Every reference may be blank.
type Slack struct {
	// Token is the reference of the bot token.
	Token secret.Reference
	// Webhook is the reference of an incoming webhook's address.
	Webhook secret.Reference
	// Signing is the reference of the secret that signs Slack's requests.
	Signing secret.Reference
}

// Environment is the process's own environment, for Load. It is the only place
// that reads it.
func Environment(name string) string { return os.Getenv(name) }

// CacheDir is the folder that keeps the local stack's emulators between runs.
func CacheDir(getenv func(string) string) (string, error) {
	if dir := getenv(contract.CacheVariable); dir != "" {
		return filepath.Abs(dir)
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find a cache folder, set %s: %w", contract.CacheVariable, err)
	}
	return filepath.Join(dir, "plumbline"), nil
}

// Load reads the environment. The error joins every problem; each names its
// variable and says what would be right, without the value.
func Load(getenv func(string) string) (Config, error) {
	r := reader{getenv: getenv}
	c := Config{
		Stage:    r.name(contract.StageVariable, "the deployment's name"),
		Registry: r.required(contract.RegistryVariable, "the path of plumbline.yaml"),
		Tables:   map[string]string{},
		Queues:   map[string]string{},
		Topics:   map[string]string{},
		Buckets:  map[string]string{},
		HashKey:  r.reference(contract.HashKeyVariable, true),

		Generation: r.reference(contract.GenerationVariable, false),
		Slack: Slack{
			Token:   r.reference(contract.SlackTokenVariable, false),
			Webhook: r.reference(contract.SlackWebhookVariable, false),
			Signing: r.reference(contract.SlackSigningVariable, false),
		},
	}
	for _, t := range contract.Tables() {
		c.Tables[t.Name] = r.name(contract.TableVariable(t.Name), "the table's name")
	}
	for _, q := range contract.Queues() {
		c.Queues[q.Name] = r.begins(contract.QueueVariable(q.Name), "the queue's URL", "https://", "http://")
	}
	for _, name := range contract.Topics() {
		c.Topics[name] = r.begins(contract.TopicVariable(name), "the topic's ARN", "arn:")
	}
	for _, name := range contract.Buckets() {
		c.Buckets[name] = r.name(contract.BucketVariable(name), "the bucket's name")
	}
	return c, errors.Join(r.problems...)
}

type reader struct {
	getenv   func(string) string
	problems []error
}

func (r *reader) required(name, want string) string {
	value := r.getenv(name)
	if value == "" {
		r.problems = append(r.problems, fmt.Errorf("%s is not set: want %s", name, want))
	}
	return value
}

// name reads what AWS accepts as a name: neither an address nor an ARN.
func (r *reader) name(name, want string) string {
	value := r.required(name, want)
	if strings.ContainsFunc(value, func(c rune) bool {
		return !unicode.IsLetter(c) && !unicode.IsDigit(c) && !strings.ContainsRune("-_.", c)
	}) {
		r.wrong(name, want)
	}
	return value
}

// begins reads what begins with one of the texts.
func (r *reader) begins(name, want string, with ...string) string {
	value := r.required(name, want)
	if value != "" && !slices.ContainsFunc(with, func(text string) bool { return strings.HasPrefix(value, text) }) {
		r.wrong(name, want)
	}
	return value
}

func (r *reader) wrong(name, want string) {
	r.problems = append(r.problems, fmt.Errorf("%s is something else: want %s", name, want))
}

func (r *reader) reference(name string, required bool) secret.Reference {
	value := r.getenv(name)
	if value == "" && !required {
		return secret.Reference{}
	}
	ref, err := secret.Parse(value)
	if err != nil {
		r.problems = append(r.problems, fmt.Errorf("%s: %w", name, err))
	}
	return ref
}
