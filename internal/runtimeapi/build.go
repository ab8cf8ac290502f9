package runtimeapi

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
)

// Flags are those with which functions are built: the Makefile's.
func Flags() []string {
	return []string{"-trimpath", "-buildvcs=false", "-ldflags", "-s -w -buildid=", "-tags", "lambda.norpc"}
}

// Build builds a package into the bundle's folder, for an architecture as Go
// names it. The working directory is the module's root.
func Build(ctx context.Context, root, pkg, dir, arch string) error {
	out, err := filepath.Abs(filepath.Join(dir, Bootstrap))
	if err != nil {
		return fmt.Errorf("build %s: %w", pkg, err)
	}
	args := append([]string{"build"}, Flags()...)
	cmd := exec.CommandContext(ctx, "go", append(args, "-o", out, pkg)...)
	cmd.Dir = root
	cmd.Env = append(cmd.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH="+arch)
	if said, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build %s: %w: %s", pkg, err, said)
	}
	return nil
}
