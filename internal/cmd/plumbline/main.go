// Command plumbline runs Plumbline on one machine, checks registries, and asks
// a running stack what it knows.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
	kongcompletion "github.com/jotaen/kong-completion"
)

// cli are the commands and what they share.
type cli struct {
	Registry string `default:"plumbline.yaml" type:"path" help:"The registry to read."`
	Data     string `default:".plumbline" type:"path" help:"Folder of the local stack's state."`
	JSON     bool   `name:"json" help:"Print JSON."`
	AWS      bool   `name:"aws" help:"Ask the stack in the AWS account that AWS_* names, not the one on --data."`
	Watch    string `type:"path" placeholder:"DIR" help:"Ask what plumbline watch DIR knows, not a stack."`
	Stage    string `default:"prod" help:"With --aws: the deployment's stage."`
	Columns  int    `env:"COLUMNS" placeholder:"N" help:"How long lines may be; the terminal's width when not given, and no end for what is no terminal."`

	Run      runCmd      `cmd:"" help:"Run the whole system on this machine."`
	Init     initCmd     `cmd:"" help:"Ask about your systems, and write a registry to start with; export files answer some of it."`
	Check    checkCmd    `cmd:"" help:"Report everything that is wrong with the registry."`
	Send     sendCmd     `cmd:"" help:"Sign a sample as its platform would, and post it; or put it into the queue of a system that has one."`
	Record   recordCmd   `cmd:"" help:"Show a record: every view, every side, the verdict of each rule."`
	Findings findingsCmd `cmd:"" help:"List findings, and decide about them."`
	Totals   totalsCmd   `cmd:"" help:"Show what days add up to on both sides, and what explains the difference."`
	Close    closeCmd    `cmd:"" help:"Put a month's totals, differences and open findings together for its close."`
	Audit    auditCmd    `cmd:"" help:"Show what the last audit of all records came to, and what it has learnt."`
	Report   reportCmd   `cmd:"" help:"Show how the integrations of each owner stand, as the weekly report tells it."`
	Change   changeCmd   `cmd:"" help:"Tell of a change, such as a deployment, so that alerts can name the nearest."`
	Changes  changesCmd  `cmd:"" help:"List the recorded changes."`
	Board    boardCmd    `cmd:"" help:"Show the board in a browser: serve its pages to this machine."`
	Explain  explainCmd  `cmd:"" help:"Explain a finding, or why a record has none."`
	Promote  promoteCmd  `cmd:"" help:"Let a rule alert that only watched."`
	Load     loadCmd     `cmd:"" help:"Load a system's export file, and say what was read of it."`
	WatchDir watchCmd    `cmd:"" name:"watch" help:"Watch a folder of nightly export files: findings that live on, alerts, a board. Needs no stack."`
	Loads    loadsCmd    `cmd:"" help:"List the export files that were loaded."`
	Redrive  redriveCmd  `cmd:"" help:"Bring quarantined deliveries and dead letters back."`
	Replay   replayCmd   `cmd:"" help:"Give archived deliveries to today's normalisers: what would change, and do it."`
	Backtest backtestCmd `cmd:"" help:"Ask what a rule, or a changed one, would have said of the last weeks."`
	Erase    eraseCmd    `cmd:"" help:"Have a person forgotten, or an order name nobody any more."`
	Export   exportCmd   `cmd:"" help:"Write records, or all that is kept of one person."`
	Heal     healCmd     `cmd:"" help:"Write files that would bring the systems together, for people to look at and import."`
	Compare  compareCmd  `cmd:"" help:"Compare two export files: what differs, what is missing, and what explains it. Needs no registry."`
	Doctor   doctorCmd   `cmd:"" help:"Examine a stack from one end to the other, and name what is wrong."`
	Version  versionCmd  `cmd:"" help:"Show the version, and which shape of registry it reads."`

	Completion kongcompletion.Completion `cmd:"" help:"Set up completion in bash, zsh or fish."`
}

// exitError ends the command with a code; what is to be said was said.
type exitError int

func (e exitError) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run executes one command line and returns its exit code: 0, 1 when the answer
// is bad, 2 when there is none.
func run(args []string, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c cli
	code := -1
	parser, err := kong.New(&c, kong.Name("plumbline"), kong.Writers(stdout, stderr),
		kong.Description("Tells the owner of an integration when two systems disagree."),
		kong.Vars{"queues": strings.Join(redrivableNames()[1:], ", ")},
		kong.Exit(func(n int) { code = n }), kong.BindTo(ctx, (*context.Context)(nil)))
	if err != nil {
		return fail(c.output(stderr), err)
	}
	kongcompletion.Register(parser)
	command, err := parser.Parse(asked(args))
	if code >= 0 {
		return code // help was printed
	}
	if err != nil {
		return fail(c.output(stderr), err)
	}
	err = command.Run(&c, c.output(stdout))
	var exit exitError
	if errors.As(err, &exit) {
		return int(exit)
	}
	if err != nil {
		return fail(c.output(stderr), err)
	}
	return 0
}

// asked is a command line with what people type who do not know the commands yet
// put into words that are commands.
func asked(args []string) []string {
	switch {
	case len(args) == 0:
		return []string{"--help"}
	case args[0] == "help":
		return append(slices.Clone(args[1:]), "--help")
	case args[0] == "--version":
		return []string{"version"}
	default:
		return args
	}
}

// output writes as the command line asks.
func (c *cli) output(w io.Writer) *output {
	return &output{Writer: w, json: c.JSON, width: cmp.Or(c.Columns, columnsOf(w))}
}

func fail(stderr *output, err error) int {
	stderr.line("plumbline: %v", err)
	return 2
}
