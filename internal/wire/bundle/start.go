package bundle

import (
	"context"
	"fmt"
	"log/slog"
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/plumbline/plumbline/internal/config"
	"github.com/plumbline/plumbline/internal/metric"
	"github.com/plumbline/plumbline/internal/platform"
)

// Build puts one function together.
type Build func(context.Context, *Bundle) (lambda.Handler, error)

// Start runs one function in the Lambda service, see Options for the platforms.
// It returns only when the function cannot be built.
func Start(function string, build Build, platforms ...platform.Platform) {
	collectLate(config.Environment)
	oneCore(config.Environment)
	log := NewLog(os.Stdout).With(metric.FunctionField, function)
	if err := start(context.Background(), build, platforms, log); err != nil {
		log.Error("function not started", "error", err.Error())
		os.Exit(1)
	}
}

func start(ctx context.Context, build Build, platforms []platform.Platform, log *slog.Logger) error {
	cfg, err := awsConfig(config.Environment)
	if err != nil {
		return fmt.Errorf("read environment: %w", err)
	}
	b, err := New(Options{Getenv: config.Environment, AWS: cfg, Platforms: platforms, Log: log})
	if err != nil {
		return err
	}
	b.Log = log.With(metric.StageField, b.Config.Stage)
	handler, err := build(ctx, b)
	if err != nil {
		return err
	}
	lambda.StartWithOptions(Measured(handler, b.Now, b.Log), lambda.WithContext(ctx))
	return nil
}
