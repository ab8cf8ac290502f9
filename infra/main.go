// Command infra is the CDK app: it checks the registry and describes one
// deployment of Plumbline, a stage. What functions and infrastructure must
// agree on comes from package contract, and every list there is deployed as it
// is; who owns what, and who delivers into a queue, comes from the registry.
//
// It leaves to the Makefile that the functions are built into dist.
package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
)

func main() {
	err := run()
	if err != nil {
		// Before jsii's own last words, which end in no newline.
		fmt.Fprintln(os.Stderr, err)
	}
	jsii.Close()
	if err != nil {
		os.Exit(1)
	}
}

func run() error {
	app := awscdk.NewApp(nil)
	s, err := readSettings(app.Node())
	if err != nil {
		return err
	}
	reg, warnings, err := loadRegistry(s)
	for _, w := range warnings {
		fmt.Fprintln(os.Stderr, "warning:", w)
	}
	if err != nil {
		return err
	}
	if err := bundle(s, reg); err != nil {
		return fmt.Errorf("bundle the functions: %w", err)
	}
	newStack(app, s, reg)
	if app.Synth(nil) == nil {
		return errors.New("the app gave no assembly")
	}
	return nil
}
