package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// patience is how long one package's tests may take. Tests that hang without a
// check have noticed its absence.
const patience = time.Minute

// mutate removes each check, one at a time, and returns those whose absence no
// test noticed.
func (s scope) mutate(ctx context.Context, parallel int) (survivors, checks []check, err error) {
	work, err := os.MkdirTemp("", "plumbline-mutate-")
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	overlay, checks, err := s.removable(work)
	if err != nil {
		return nil, nil, err
	}
	tests, err := s.build(ctx, work, overlay)
	if err != nil {
		return nil, nil, err
	}
	for dir := range tests {
		if tests.notice(ctx, s.root, dir, 0) {
			return nil, nil, fmt.Errorf("%s: the tests fail although nothing is removed", dir)
		}
	}
	survivors, err = tests.survivors(ctx, s.root, checks, parallel)
	return survivors, checks, err
}

// binaries are the compiled tests by the folder of their package: how each is
// called.
type binaries map[string][]string

func (s scope) build(ctx context.Context, work, overlay string) (binaries, error) {
	tests := binaries{}
	for i, dir := range slices.Concat(s.dirs, s.shared) {
		to := filepath.Join(work, fmt.Sprintf("%d.test", i))
		cmd := exec.CommandContext(ctx, "go", "test", "-c", "-vet=off", "-overlay", overlay, "-o", to, "./"+filepath.ToSlash(dir))
		cmd.Dir = s.root
		if out, err := cmd.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("build the tests of %s: %w\n%s", dir, err, out)
		}
		if _, err := os.Stat(to); err == nil {
			tests[dir] = append([]string{to, "-test.failfast", "-test.timeout=" + patience.String()}, quiet(filepath.Join(s.root, dir))...)
		}
	}
	return tests, nil
}

// survivors runs the tests of each check's own package, and then of everybody who
// asks for it.
func (b binaries) survivors(ctx context.Context, root string, checks []check, parallel int) ([]check, error) {
	var survivors []check
	var mu sync.Mutex
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(parallel)
	for _, c := range checks {
		group.Go(func() error {
			own := filepath.Dir(c.file)
			dirs := append([]string{own}, slices.DeleteFunc(slices.Clone(c.from), func(dir string) bool { return dir == own })...)
			noticed := slices.ContainsFunc(dirs, func(dir string) bool { return b.notice(ctx, root, dir, c.id) })
			mu.Lock()
			defer mu.Unlock()
			if !noticed {
				survivors = append(survivors, c)
			}
			return ctx.Err()
		})
	}
	err := group.Wait()
	slices.SortFunc(survivors, func(a, b check) int { return a.id - b.id })
	return survivors, err
}

// notice reports whether the tests of a package fail without a check. A package
// without tests notices nothing.
func (b binaries) notice(ctx context.Context, root, dir string, id int) bool {
	call, ok := b[dir]
	if !ok {
		return false
	}
	cmd := exec.CommandContext(ctx, call[0], call[1:]...)
	cmd.Dir = filepath.Join(root, dir)
	cmd.Env = append(cmd.Environ(), variable+"="+strconv.Itoa(id))
	return cmd.Run() != nil
}

// quiet keeps tests of properties from noting down with what they failed.
func quiet(dir string) []string {
	files, _ := filepath.Glob(filepath.Join(dir, "*_test.go"))
	for _, file := range files {
		if text, err := os.ReadFile(file); err == nil && bytes.Contains(text, []byte(`"pgregory.net/rapid"`)) {
			return []string{"-rapid.nofailfile"}
		}
	}
	return nil
}
