package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/plumbline/plumbline/internal/cmd/stress/network"
	"github.com/plumbline/plumbline/internal/cmd/stress/rig"
	"github.com/plumbline/plumbline/internal/cmd/stress/traffic"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/local"
	"github.com/plumbline/plumbline/internal/local/emulator"
)

// chaos is one run of binaries that are killed over a network that is bad.
type chaos struct {
	seed   uint64
	rounds int
	// lasts is how long a round is; the network is bad in the first two thirds.
	lasts time.Duration
	// senders insist on their deliveries at the same time.
	senders   int
	binaries  string
	emulators *emulator.Emulators
	prefix    string
}

// survived is what came of it.
type survived struct {
	deliveries, tries int
	kills             map[string]int
	faults            int
	back              int
	took              time.Duration
}

// every lets drift run each second: nobody wants to wait for a minute.
var every = []contract.Schedule{{Name: "drift-every-second", Function: contract.Drift, Every: time.Second}}

// run kills functions and breaks the network while traffic flows, then lets
// everything come to rest and compares what is stored, archived and found.
func (c chaos) run(ctx context.Context, progress func(string, ...any)) (result survived, err error) {
	began := time.Now()
	var bad *network.Network
	r, err := rig.Start(ctx, rig.Options{
		Registry: strings.ReplaceAll(stock, "settle: 30s", "settle: 1s"), Emulators: c.emulators, Schedules: every, Binaries: c.binaries,
		Plan: local.Plan{Prefix: c.prefix, Visibility: 5 * time.Second, Window: time.Second},
		Endpoints: func(e emulator.Endpoints) (emulator.Endpoints, error) {
			var err error
			bad, e, err = network.Between(e, c.seed)
			return e, err
		},
	})
	if err != nil {
		return result, err
	}
	defer func() {
		err = errors.Join(err, r.Close())
		bad.Close()
	}()
	tries, stop := c.send(ctx, r)
	result.kills = map[string]int{}
	chance := rand.New(rand.NewPCG(c.seed, 3))
	for round := range c.rounds {
		faults, err := bad.Worsen()
		if err != nil {
			return result, errors.Join(err, stop())
		}
		kill(r, chance, c.lasts*2/3, result.kills)
		bad.Heal(ctx)
		kill(r, chance, c.lasts/3, result.kills)
		progress("round %d: %s; %d acknowledged, killed so far %v", round+1, strings.Join(faults, " and "), r.Truth.Deliveries(), result.kills)
	}
	if err := stop(); err != nil {
		return result, err
	}
	result.back, err = rest(ctx, r)
	result.deliveries, result.tries, result.faults, result.took = r.Truth.Deliveries(), int(tries.Load()), bad.Faults(), time.Since(began)
	return result, err
}

// send lets senders insist on one delivery after the other until stop is called,
// which waits for their last ones.
func (c chaos) send(ctx context.Context, r *rig.Rig) (tries *atomic.Int64, stop func() error) {
	stream, stopped, tries := traffic.NewStream(c.seed, "SKU-", 200), make(chan struct{}), &atomic.Int64{}
	var senders sync.WaitGroup
	errs := make([]error, c.senders)
	for i := range c.senders {
		senders.Go(func() {
			for errs[i] == nil {
				select {
				case <-stopped:
					return
				default:
				}
				ctx, cancel := context.WithTimeout(ctx, patience)
				n, err := r.Insist(ctx, stream.Next(time.Now()))
				cancel()
				tries.Add(int64(n))
				errs[i] = err
				time.Sleep(10 * time.Millisecond)
			}
		})
	}
	return tries, func() error {
		close(stopped)
		senders.Wait()
		return errors.Join(errs...)
	}
}

// kill ends one process after the other as kill -9 does, at random moments, for a
// time.
func kill(r *rig.Rig, chance *rand.Rand, lasts time.Duration, kills map[string]int) {
	functions := slices.Sorted(maps.Keys(r.Fleets))
	for end := time.Now().Add(lasts); time.Now().Before(end); {
		time.Sleep(time.Duration(20+chance.IntN(150)) * time.Millisecond)
		name := functions[chance.IntN(len(functions))]
		living := r.Fleets[name].Living()
		if len(living) > 0 && living[chance.IntN(len(living))].Kill() {
			kills[name]++
		}
	}
}

// rest waits until nothing moves, brings dead letters back as an operator does
// until there are none, and compares. It returns how many came back.
func rest(ctx context.Context, r *rig.Rig) (back int, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		if err := r.AwaitQuiet(ctx); err != nil {
			return back, err
		}
		n, err := r.Redrive(ctx)
		back += n
		if err != nil {
			return back, err
		}
		if n == 0 {
			break
		}
	}
	return back, errors.Join(r.Verify(ctx), r.AwaitFindings(ctx))
}

func runChaos(ctx context.Context, args []string, out io.Writer) (err error) {
	flags := flag.NewFlagSet("chaos", flag.ContinueOnError)
	c := chaos{lasts: 3 * time.Second, senders: 6}
	flags.IntVar(&c.rounds, "rounds", 20, "how many rounds of three seconds")
	flags.Uint64Var(&c.seed, "seed", 1, "what kills and faults are chosen by")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if c.binaries, err = os.MkdirTemp("", "plumbline-stress-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(c.binaries)) }()
	if err := rig.Build(ctx, ".", c.binaries, runtime.GOARCH); err != nil {
		return err
	}
	result, err := c.run(ctx, printer(out))
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "seed %d, %d rounds: %d deliveries in %d tries, %d faults of the network, kills %v, %d dead letters brought back, in %s: rows, archive and findings are right\n",
		c.seed, c.rounds, result.deliveries, result.tries, result.faults, result.kills, result.back, short(result.took))
	return nil
}
