package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"golang.org/x/sync/errgroup"

	"github.com/plumbline/plumbline/internal/cmd/stress/rig"
	"github.com/plumbline/plumbline/internal/cmd/stress/traffic"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/runtimeapi"
)

// soak is how many invocations there are, of receive and merge in turn.
type soak struct {
	invocations int
	// lanes are pairs of processes that work side by side.
	lanes    int
	binaries string
}

// soaked is the most memory that the processes of each function had, by how many
// invocations there had been.
type soaked struct {
	marks []int
	most  map[string][]int
	took  time.Duration
}

// watched are the functions that are soaked.
var watched = []string{contract.Receive, contract.Merge}

// lookEvery is after how many invocations of a process its memory is looked at.
const lookEvery = 50

// run invokes, and notes the memory up to each mark.
func (s soak) run(ctx context.Context, marks []int) (soaked, error) {
	result := soaked{marks: marks, most: map[string][]int{}}
	for _, name := range watched {
		result.most[name] = make([]int, len(marks))
	}
	began := time.Now()
	lanes := make([]map[string][]int, s.lanes)
	group, ctx := errgroup.WithContext(ctx)
	for i := range lanes {
		group.Go(func() (err error) {
			lanes[i], err = s.lane(ctx, uint64(i), marks)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return result, err
	}
	result.took = time.Since(began)
	for _, lane := range lanes {
		for name, most := range lane {
			for i, bytes := range most {
				result.most[name][i] = max(result.most[name][i], bytes)
			}
		}
	}
	return result, nil
}

// lane is one process of each function. What receive sends merge gets.
func (s soak) lane(ctx context.Context, seed uint64, marks []int) (most map[string][]int, err error) {
	folder, err := os.MkdirTemp("", "plumbline-soak-")
	if err != nil {
		return nil, err
	}
	c := newCloud()
	defer func() {
		c.server.Close()
		err = errors.Join(err, os.RemoveAll(folder))
	}()
	registry := filepath.Join(folder, "plumbline.yaml")
	if err := os.WriteFile(registry, []byte(stock), 0o600); err != nil {
		return nil, err
	}
	env := rig.Environment(registry)
	maps.Copy(env, c.environ())
	processes := map[string]*runtimeapi.Environment{}
	for _, name := range watched {
		processes[name] = runtimeapi.New(runtimeapi.Function{Name: name, Dir: filepath.Join(s.binaries, name), Env: env, Output: io.Discard})
		defer processes[name].Close()
	}
	stream := traffic.NewStream(seed, "SKU-", 10_000)
	most = map[string][]int{contract.Receive: make([]int, len(marks)), contract.Merge: make([]int, len(marks))}
	mark := 0
	for done := 0; done < s.invocations/s.lanes; done += len(watched) {
		for mark < len(marks)-1 && done*s.lanes >= marks[mark] {
			mark++
		}
		if err := pair(ctx, c, processes, stream.Next(time.Now())); err != nil {
			return most, err
		}
		if done%(lookEvery*len(watched)) == 0 {
			for name, process := range processes {
				most[name][mark] = max(most[name][mark], residentOf(process.PID()))
			}
		}
	}
	return most, nil
}

// pair invokes receive with a delivery, and merge with what comes of it.
func pair(ctx context.Context, c *cloud, processes map[string]*runtimeapi.Environment, d traffic.Delivery) error {
	event, err := json.Marshal(webhook(d))
	if err != nil {
		return err
	}
	said, err := processes[contract.Receive].Invoke(ctx, event)
	var response events.APIGatewayV2HTTPResponse
	if err := errors.Join(err, json.Unmarshal(said, &response)); err != nil || response.StatusCode != http.StatusOK {
		return fmt.Errorf("receive answered %s: %w", said, err)
	}
	event, err = json.Marshal(events.SQSEvent{Records: []events.SQSMessage{{
		MessageId: "m", Body: c.observed(), EventSource: "aws:sqs", Attributes: map[string]string{"ApproximateReceiveCount": "1"},
	}}})
	if err != nil {
		return err
	}
	said, err = processes[contract.Merge].Invoke(ctx, event)
	if err != nil || string(said) != `{"batchItemFailures":[]}` {
		return fmt.Errorf("merge answered %s: %w", said, err)
	}
	return nil
}

// webhook is the front's event of a delivery.
func webhook(d traffic.Delivery) events.APIGatewayV2HTTPRequest {
	e := events.APIGatewayV2HTTPRequest{
		Version: "2.0", RouteKey: "POST /hooks/{system}", RawPath: "/hooks/" + d.System, PathParameters: map[string]string{"system": d.System},
		Headers: map[string]string{}, Body: base64.StdEncoding.EncodeToString(d.Body), IsBase64Encoded: true,
	}
	e.RequestContext.HTTP.Method, e.RequestContext.HTTP.Path = http.MethodPost, e.RawPath
	for name, values := range rig.Sign(d) {
		e.Headers[strings.ToLower(name)] = values[0]
	}
	return e
}

// flat reports whether no function needed more memory in the last stretch than in
// the one before it, but for a tenth and two megabytes, which collections differ
// by.
func (s soaked) flat() bool {
	last := len(s.marks) - 1
	for _, most := range s.most {
		if before := most[last-1]; most[last] == 0 || most[last] > before+before/10+2<<20 {
			return false
		}
	}
	return true
}

var errGrows = errors.New("stress: a function needs ever more memory")

func runSoak(ctx context.Context, args []string, out io.Writer) (err error) {
	flags := flag.NewFlagSet("soak", flag.ContinueOnError)
	s := soak{lanes: runtime.NumCPU()}
	flags.IntVar(&s.invocations, "invocations", 1_000_000, "how many invocations, of receive and merge in turn")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if s.binaries, err = os.MkdirTemp("", "plumbline-stress-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(s.binaries)) }()
	if err := rig.Build(ctx, ".", s.binaries, runtime.GOARCH, watched...); err != nil {
		return err
	}
	result, err := s.run(ctx, decades(s.invocations))
	if err != nil {
		return err
	}
	result.print(out)
	if !result.flat() {
		return errGrows
	}
	return nil
}

// decades are a thousand and its multiples by ten, up to the number; half of it
// is the last before it.
func decades(n int) []int {
	var marks []int
	for mark := 1000; mark < n/2; mark *= 10 {
		marks = append(marks, mark)
	}
	return append(marks, n/2, n)
}

// print is a table of the memory.
func (s soaked) print(out io.Writer) {
	fmt.Fprintf(out, "| invocations | most memory of receive | of merge |\n|---:|---:|---:|\n")
	for i, mark := range s.marks {
		fmt.Fprintf(out, "| %d | %s | %s |\n", mark, megabytes(s.most[contract.Receive][i]), megabytes(s.most[contract.Merge][i]))
	}
	total := s.marks[len(s.marks)-1]
	fmt.Fprintf(out, "\n%d invocations in %s, %d a second\n", total, short(s.took), int(time.Duration(total)*time.Second/max(s.took, 1)))
}

// megabytes is a size to a tenth of a megabyte.
func megabytes(bytes int) string {
	tenths := bytes * 10 >> 20
	return fmt.Sprintf("%d.%d MB", tenths/10, tenths%10)
}
