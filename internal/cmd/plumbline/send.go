package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	awsconfig "github.com/aws/aws-sdk-go-v2/config"

	"github.com/plumbline/plumbline/internal/config"
	"github.com/plumbline/plumbline/internal/local"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/wire"
)

// sendCmd signs a body as a system's platform would, and posts it; or it puts the
// body into the queue into which that platform delivers.
type sendCmd struct {
	System string `arg:"" help:"The system of the registry that the sample comes from."`
	File   string `arg:"" type:"existingfile" help:"The body to send."`
	Topic  string `help:"The topic, such as orders/create. Default: the topic of the file's .headers.json."`
	URL    string `name:"url" help:"Address of the front. Default: the stack that --data or --aws names."`
}

// Run sends.
func (k *sendCmd) Run(ctx context.Context, c *cli, out *output) error {
	reg, err := wire.LoadRegistry(c.Registry, time.Now())
	if err != nil {
		return err
	}
	if reg.Systems[k.System].Inbox {
		return k.deliver(ctx, c, out)
	}
	front, err := k.front(ctx, c)
	if err != nil {
		return err
	}
	endpoint, secret, err := k.system(ctx, c, reg)
	if err != nil {
		return err
	}
	body, err := os.ReadFile(k.File)
	if err != nil {
		return err
	}
	topic, err := k.topic()
	if err != nil {
		return err
	}
	now := time.Now()
	sample := platform.Sample{Topic: topic, ID: fmt.Sprintf("sample-%d", now.UnixNano()), At: now, Body: body}
	query, body := platform.Prove(endpoint, sample, secret)
	sample.Body = body
	status, err := post(ctx, address(front, k.System, query), endpoint.Sign(sample, secret), body)
	if err != nil {
		return err
	}
	out.line("%s answered %d %s", k.System, status, http.StatusText(status))
	if status < 200 || status > 299 {
		return exitError(1)
	}
	return nil
}

func address(front, system, query string) string {
	if query == "" {
		return front + "/hooks/" + system
	}
	return front + "/hooks/" + system + "?" + query
}

// front is where to send to. Only --url needs no running stack.
func (k *sendCmd) front(ctx context.Context, c *cli) (string, error) {
	if k.URL != "" {
		return strings.TrimSuffix(k.URL, "/"), nil
	}
	if c.AWS {
		return deployedFront(ctx, c)
	}
	running, err := local.Find(c.Data)
	if errors.Is(err, local.ErrNotRunning) {
		return "", fmt.Errorf("%w, or name an address with --url", err)
	}
	return running.Front, err
}

// system is how the system signs: its platform's endpoint and its first secret.
func (k *sendCmd) system(ctx context.Context, c *cli, reg *registry.Registry) (platform.Endpoint, platform.Secret, error) {
	// Nothing is hashed on the way out.
	systems, err := wire.Systems(reg, []byte("unused"))
	if err != nil {
		return nil, "", err
	}
	system, ok := systems[k.System]
	if !ok {
		return nil, "", fmt.Errorf("no system %q in %s", k.System, c.Registry)
	}
	if len(system.Secrets) == 0 {
		return nil, "", fmt.Errorf("system %s has no secrets in %s: nothing that is sent to it is taken", k.System, c.Registry)
	}
	cfg, err := awsconfig.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, "", fmt.Errorf("read AWS configuration: %w", err)
	}
	value, err := wire.NewSecrets(c.Registry, config.Environment, cfg).Resolve(ctx, system.Secrets[0])
	return system.Endpoint, platform.Secret(value), err
}

// topic is what the sample's recorded headers say, unless the command line does.
func (k *sendCmd) topic() (string, error) {
	if k.Topic != "" {
		return k.Topic, nil
	}
	base, _ := strings.CutSuffix(k.File, ".body.json")
	text, err := os.ReadFile(filepath.Clean(base + ".headers.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	var headers map[string]string
	if err == nil {
		err = json.Unmarshal(text, &headers)
	}
	if err != nil {
		return "", fmt.Errorf("read the sample's headers: %w", err)
	}
	for name, value := range headers {
		if strings.HasSuffix(strings.ToLower(name), "-topic") {
			return value, nil
		}
	}
	return "", nil
}

func post(ctx context.Context, url string, header http.Header, body []byte) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	req.Header = header
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	_, err = io.Copy(io.Discard, res.Body)
	return res.StatusCode, errors.Join(err, res.Body.Close())
}
