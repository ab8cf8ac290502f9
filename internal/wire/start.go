package wire

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/aws/aws-lambda-go/lambda"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"

	"github.com/plumbline/plumbline/internal/config"
)

func start(ctx context.Context, function string, log *slog.Logger) error {
	cfg, err := awsconfig.LoadDefaultConfig(ctx)
	if err != nil {
		return fmt.Errorf("read AWS configuration: %w", err)
	}
	w, err := New(Options{Getenv: config.Environment, AWS: cfg, Log: log})
	if err != nil {
		return err
	}
	handler, err := w.Handler(ctx, function)
	if err != nil {
		return err
	}
	lambda.StartWithOptions(handler, lambda.WithContext(ctx))
	return nil
}
