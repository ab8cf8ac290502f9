package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/wire"
)

// connectDeployed wires a command to a deployed stack. The registry is the one
// on this machine, because that is what the command line was asked about.
func connectDeployed(ctx context.Context, c *cli) (*wire.Wire, error) {
	cfg, env, err := deployed(ctx, c.Stage)
	if err != nil {
		return nil, err
	}
	getenv := func(name string) string {
		if name == contract.RegistryVariable {
			return c.Registry
		}
		return env[name]
	}
	return wire.New(wire.Options{Getenv: getenv, AWS: cfg, Log: slog.New(slog.DiscardHandler)})
}

// deployedFront is the address that webhooks of a deployed stack are posted to.
func deployedFront(ctx context.Context, c *cli) (string, error) {
	_, env, err := deployed(ctx, c.Stage)
	if err != nil {
		return "", err
	}
	if env[contract.FrontVariable] == "" {
		return "", fmt.Errorf("stage %s does not say where its front is: name an address with --url", c.Stage)
	}
	return env[contract.FrontVariable], nil
}

// deployed reads where a deployment keeps what the functions use.
func deployed(ctx context.Context, stage string) (aws.Config, map[string]string, error) {
	cfg, err := awsconfig.LoadDefaultConfig(ctx)
	if err != nil {
		return cfg, nil, fmt.Errorf("read AWS configuration: %w", err)
	}
	name := contract.EnvironmentParameter(stage)
	out, err := ssm.NewFromConfig(cfg).GetParameter(ctx, &ssm.GetParameterInput{Name: &name})
	var missing *types.ParameterNotFound
	if errors.As(err, &missing) {
		return cfg, nil, fmt.Errorf("no stage %s in %s: there is no parameter %s; want another --stage, account or region, or cdk deploy",
			stage, cfg.Region, name)
	}
	if err != nil {
		return cfg, nil, fmt.Errorf("read parameter %s: %w", name, err)
	}
	env := map[string]string{}
	if err := json.Unmarshal([]byte(aws.ToString(out.Parameter.Value)), &env); err != nil {
		return cfg, nil, fmt.Errorf("read parameter %s: want a JSON object of texts: %w", name, err)
	}
	return cfg, env, nil
}
