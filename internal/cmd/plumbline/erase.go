package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/mattn/go-isatty"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/subject"
	"github.com/plumbline/plumbline/internal/wire"
)

// eraseCmd asks for a person to be forgotten.
type eraseCmd struct {
	Kind   string   `arg:"" enum:"customer,order" help:"customer: of whom everything goes; order: only what may name a person goes."`
	Anchor string   `arg:"" optional:"" placeholder:"SYSTEM/ID" help:"The customer's account, such as shopify-us/8123, or the order by its native id. Without it, and without --order, the customer's e-mail address is read from the standard input, never from the command line."`
	Order  []string `placeholder:"SYSTEM/ID" help:"Also take what may name a person out of this order, by its native id."`
	DryRun bool     `help:"Say what is known of the person, and leave it."`
}

// eraseAnswer is what --json prints.
type eraseAnswer struct {
	DryRun   bool           `json:"dry_run"`
	Accounts map[string]int `json:"accounts"`
	Records  int            `json:"records"`
	Findings int            `json:"findings"`
	Orders   int            `json:"orders"`
	Erased   bool           `json:"erased_before"`
	Queued   bool           `json:"queued"`
}

// Run says what is known, and queues the request.
func (k *eraseCmd) Run(ctx context.Context, c *cli, out *output) error {
	w, err := connect(ctx, c)
	if err != nil {
		return err
	}
	q, orders, err := k.whom(ctx, w)
	if err != nil {
		return err
	}
	a := eraseAnswer{DryRun: k.DryRun, Orders: len(orders), Accounts: map[string]int{}}
	if q != (subject.Query{}) {
		known, err := subject.Find(ctx, w.Records(), w.Findings(), q)
		if err != nil {
			return err
		}
		a.Records, a.Findings, a.Erased = len(known.Rows), len(known.Findings), known.Erased
		for _, account := range known.Accounts() {
			a.Accounts[account.System]++
		}
	}
	if !k.DryRun {
		if err := request(ctx, w, q, orders); err != nil {
			return err
		}
		a.Queued = true
	}
	if out.json {
		return out.encode(a)
	}
	a.print(out, q != subject.Query{})
	return nil
}

// whom is the person and the orders that the command names.
func (k *eraseCmd) whom(ctx context.Context, w *wire.Wire) (q subject.Query, orders []subject.Account, err error) {
	for _, text := range k.Order {
		order, err := account(w, text)
		if err != nil {
			return q, nil, fmt.Errorf("--order: %w", err)
		}
		orders = append(orders, order)
	}
	switch {
	case k.Kind == "order" && k.Anchor != "":
		order, err := account(w, k.Anchor)
		return q, append(orders, order), err
	case k.Kind == "order" && len(orders) == 0:
		return q, nil, errors.New("erase order: name an order, such as shopify-us/5821034561234")
	case k.Kind == "order":
		return q, orders, nil
	}
	q, err = person(ctx, w, k.Anchor)
	return q, orders, err
}

// person is who has the account, or the address that is read from the standard
// input.
func person(ctx context.Context, w *wire.Wire, anchor string) (q subject.Query, err error) {
	if strings.Contains(anchor, "@") {
		return q, errors.New("an e-mail address is read from the standard input, not from the command line, where the shell keeps it: remove it from the shell's history")
	}
	if anchor != "" {
		q.Account, err = account(w, anchor)
		return q, err
	}
	address, err := readAddress(os.Stdin, os.Stderr)
	if err != nil {
		return q, err
	}
	key, err := w.Secrets.Resolve(ctx, w.Config.HashKey)
	if err != nil {
		return q, fmt.Errorf("resolve the hash key, without which nobody is found: %w", err)
	}
	q.Hash = platform.Config{HashKey: []byte(key)}.CustomerHash(address)
	return q, nil
}

func account(w *wire.Wire, text string) (subject.Account, error) {
	a, err := subject.ParseAccount(text)
	if err != nil {
		return a, err
	}
	if _, known := w.Registry.Systems[a.System]; !known {
		return a, errors.New("the registry has no system of that name: want SYSTEM/ID, such as shopify-us/8123")
	}
	return a, nil
}

// maxAddress is the longest address, in bytes.
const maxAddress = 320

// readAddress reads one line, and asks for it where a person sits in front. What
// is no address is not repeated.
func readAddress(in *os.File, prompt io.Writer) (string, error) {
	if isatty.IsTerminal(in.Fd()) {
		_, _ = fmt.Fprint(prompt, "E-mail address, of which only the keyed hash is used: ")
	}
	line, err := bufio.NewReader(io.LimitReader(in, maxAddress+2)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", errors.New("read the e-mail address from the standard input: it cannot be read")
	}
	address := strings.TrimSpace(line)
	if name, domain, ok := strings.Cut(address, "@"); !ok || name == "" || domain == "" || strings.ContainsAny(address, " \t,;<>") {
		return "", errors.New("the standard input holds no e-mail address: want one line with one address")
	}
	return address, nil
}

// request queues the wish to be forgotten.
func request(ctx context.Context, w *wire.Wire, q subject.Query, orders []subject.Account) error {
	service, err := w.Receive(ctx)
	if err != nil {
		return err
	}
	body, err := service.Seal(ctx, subject.Request(q, orders, "erase-"+rand.Text(), time.Now()))
	if err != nil {
		return fmt.Errorf("write the request: %w", err)
	}
	if err := w.Queue(contract.Observations).Send(ctx, body); err != nil {
		return fmt.Errorf("queue the request: %w", err)
	}
	return nil
}

func (a eraseAnswer) print(out *output, ofPerson bool) {
	if ofPerson {
		switch {
		case a.Erased:
			out.line("The person was erased before; markers keep what comes later away.")
		case a.Records == 0:
			out.line("Nothing is known of the person. The request leaves a marker, which keeps away what comes later.")
		default:
			out.line("Known of the person: records %d, findings %d, accounts: %s.", a.Records, a.Findings, countsText(a.Accounts))
		}
	}
	if a.Orders > 0 {
		out.line("Orders that lose what may name a person: %d. Their numbers and amounts stay.", a.Orders)
	}
	if !a.Queued {
		out.line("A dry run: nothing was asked for.")
		return
	}
	out.line("Queued. It takes a minute or two; the log of merge then says: erased on request.")
}
