package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/mattn/go-isatty"

	"github.com/plumbline/plumbline/internal/onboard"
	"github.com/plumbline/plumbline/internal/platform/all"
	"github.com/plumbline/plumbline/internal/registry"
)

// initCmd asks what an integrator would ask, and writes a registry. That the files
// differ is no failure of it: exit code 0.
type initCmd struct {
	Files []string `arg:"" optional:"" type:"existingfile" name:"file" help:"Export files to learn from; two are compared as well."`

	Out     string `default:"plumbline.yaml" type:"path" help:"The registry to write."`
	Answers string `placeholder:"FILE" help:"A YAML file of answers, in place of asking."`
	Force   bool   `help:"Write over what is there."`

	in io.Reader
}

// Run asks, writes and compares.
func (k *initCmd) Run(ctx context.Context, out *output) error {
	if err := k.free(k.Out); err != nil {
		return err
	}
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		return err
	}
	exports, err := lookAtExports(k.Files, key)
	if err != nil {
		return err
	}
	talk := io.Writer(out)
	if out.json {
		talk = os.Stderr
	}
	plan, err := k.ask(ctx, exports, talk)
	if err != nil {
		return err
	}
	reg, written, err := k.write(plan)
	if err != nil {
		return err
	}
	answer := initAnswer{Written: written, Warnings: orEmpty(reg.Warnings)}
	if !out.json {
		answer.print(out, reg)
	}
	if len(exports) == 2 {
		if err := exports.compare(ctx, reg, plan, key, out, &answer); err != nil {
			return err
		}
	}
	if out.json {
		return out.encode(answer)
	}
	return nil
}

// initAnswer is what was written, and what the files come to.
type initAnswer struct {
	Written    []string           `json:"written"`
	Warnings   []registry.Problem `json:"warnings"`
	Comparison json.RawMessage    `json:"comparison,omitempty"`
}

func (a initAnswer) print(out *output, reg *registry.Registry) {
	out.line("")
	for _, path := range a.Written {
		out.line("written: %s", path)
	}
	rules := 0
	for _, i := range reg.Integrations {
		rules += len(i.Rules)
	}
	out.line("%d systems, %d integrations, %d rules, which watch", len(reg.Systems), len(reg.Integrations), rules)
	if len(a.Warnings) > 0 {
		out.line("%d things to see to, such as placeholders: plumbline check lists them", len(a.Warnings))
	}
}

// free reports a file that is there already.
func (k *initCmd) free(path string) error {
	_, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) || err == nil && k.Force:
		return nil
	case err != nil:
		return err
	default:
		return fmt.Errorf("%s is there already: --out names another file, --force writes over it", path)
	}
}

// ask gets all answers, of the file or of whoever sits there.
func (k *initCmd) ask(ctx context.Context, exports exports, talk io.Writer) (*onboard.Plan, error) {
	setting := onboard.Setting{Files: exports.files(), Platforms: all.Platforms(), Zone: localZone(), Read: k.read}
	if k.Answers == "" {
		in := k.in
		if in == nil {
			in = os.Stdin
		}
		d := onboard.NewDialogue(ctx, in, talk)
		d.Echo = in != os.Stdin || !isatty.IsTerminal(os.Stdin.Fd())
		return onboard.Ask(d, setting)
	}
	content, err := os.ReadFile(k.Answers)
	if err != nil {
		return nil, err
	}
	answers, err := onboard.ParseAnswers(content, talk)
	if err != nil {
		return nil, err
	}
	plan, err := onboard.Ask(answers, setting)
	if unasked := answers.Unasked(); err == nil && len(unasked) > 0 {
		err = fmt.Errorf("answers: no question is called %s; nothing was written", strings.Join(unasked, ", "))
	}
	return plan, err
}

// read reads a file beside the registry.
func (k *initCmd) read(name string) ([]byte, error) {
	return os.ReadFile(k.beside(name))
}

// write writes the registry and what it names, once all of it is right.
func (k *initCmd) write(plan *onboard.Plan) (reg *registry.Registry, written []string, err error) {
	text, beside, err := plan.Registry()
	if err != nil {
		return nil, nil, err
	}
	read := func(name string) ([]byte, error) {
		if content, ours := beside[name]; ours {
			return content, nil
		}
		return k.read(name)
	}
	reg, problems := registry.Parse(filepath.Base(k.Out), text, read, all.Platforms(), time.Now())
	if reg == nil {
		lines := make([]string, len(problems))
		for i, p := range problems {
			lines[i] = p.String()
		}
		return nil, nil, fmt.Errorf("the registry of these answers is not right, nothing was written:\n%s", strings.Join(lines, "\n"))
	}
	beside[filepath.Base(k.Out)] = text
	names := slices.Sorted(maps.Keys(beside))
	for _, name := range names {
		if err := k.free(k.beside(name)); err != nil {
			return nil, nil, err
		}
	}
	for _, name := range names {
		write := func(w io.Writer) error { _, err := w.Write(beside[name]); return err }
		if err := writeFile(k.beside(name), write); err != nil {
			return nil, nil, err
		}
		written = append(written, k.beside(name))
	}
	return reg, written, nil
}

// beside is the path of a file in the registry's folder.
func (k *initCmd) beside(name string) string { return filepath.Join(filepath.Dir(k.Out), name) }

// localZone is the zone of this machine by its name, or blank.
func localZone() string {
	if name := time.Local.String(); name != "Local" { //nolint:gosmopolitan // a suggestion to whoever sits here
		return name
	}
	file, err := os.Readlink("/etc/localtime")
	if err != nil {
		return ""
	}
	_, name, _ := strings.Cut(file, "zoneinfo/")
	return name
}
