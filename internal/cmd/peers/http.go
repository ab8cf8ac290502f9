package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/plumbline/plumbline/internal/signature"
)

// connections are how many senders there are at once.
const connections = 16

// served is a server in a process of its own.
type served struct {
	name string
	cmd  *exec.Cmd
	url  string
}

// measureHTTP sends signed orders to servers, each a process of its own.
func (w *world) measureHTTP(ctx context.Context, s size) ([]Subject, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	var all []served
	defer func() {
		cancel() // which ends the servers
		for _, one := range all {
			_ = one.cmd.Wait() // it was killed
		}
	}()
	commands := [][]string{
		{floorName, "", self, "-serve", servesFloor},
		{plumblineName, "", self, "-serve", servesPlumbline},
		{sealedName, "", self, "-serve", servesSealed},
	}
	if s.peers {
		commands = append(commands, []string{goName, "", w.folder(goName) + "/bootstrap", "-http"},
			[]string{nodeName, w.peers.nodeSources, w.peers.node, "server.mjs"})
	}
	for _, c := range commands {
		one, err := serve(ctx, c[0], c[1], c[2:]...)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c[0], err)
		}
		all = append(all, one)
	}
	if err := w.holdEqual(ctx, all); err != nil {
		return nil, err
	}
	names := make([]string, len(all))
	for i, one := range all {
		names[i] = one.name
		if _, err := w.send(ctx, one, s.requests/warmup); err != nil {
			return nil, fmt.Errorf("%s: %w", one.name, err)
		}
	}
	return turns(s.rounds, names, func(i int) (map[string]float64, error) { return w.send(ctx, all[i], s.requests) })
}

// serve starts a server, which prints its port.
func serve(ctx context.Context, name, dir string, command ...string) (served, error) {
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	cmd.Env = append(cmd.Environ(), "SHOPIFY_SECRET="+shopSecret)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return served{}, err
	}
	if err := cmd.Start(); err != nil {
		return served{}, err
	}
	port, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return served{}, fmt.Errorf("it tells no port: %w", err)
	}
	return served{name: name, cmd: cmd, url: "http://127.0.0.1:" + strings.TrimSpace(port)}, nil
}

// holdEqual wants every server but the floor to hand over the orders that Plumbline
// makes of the bodies.
func (w *world) holdEqual(ctx context.Context, all []served) error {
	client := &http.Client{}
	for i, body := range w.bodies[:3] {
		want, err := w.want(body)
		if err != nil {
			return err
		}
		for _, one := range all {
			if one.name == floorName {
				continue
			}
			got, err := handOver(ctx, client, one.url, body, strconv.Itoa(i))
			if err == nil {
				err = equal(got, want)
			}
			if err != nil {
				return fmt.Errorf("%s: %w", one.name, err)
			}
		}
	}
	return nil
}

// handOver sends a body and asks for the order that it was handed over as.
func handOver(ctx context.Context, client *http.Client, url string, body []byte, id string) (order, error) {
	var handed order
	if err := post(ctx, client, url, body, sign(body), id); err != nil {
		return handed, err
	}
	for range 100 { // the queue is another goroutine's
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/last", nil)
		if err != nil {
			return handed, err
		}
		res, err := client.Do(req)
		if err != nil {
			return handed, err
		}
		text, err := io.ReadAll(res.Body)
		_ = res.Body.Close() // it was read
		if err != nil {
			return handed, err
		}
		handed = order{}
		if err := json.Unmarshal(text, &handed); err == nil && bytes.Contains(body, []byte(handed.Native)) && handed.Native != "" {
			return handed, nil
		}
		time.Sleep(time.Millisecond)
	}
	return handed, fmt.Errorf("%w: the one that was sent is not handed over", errUnequal)
}

func sign(body []byte) string {
	return signature.Encode(signature.Sum(signature.Key(shopSecret), body))
}

func post(ctx context.Context, client *http.Client, url string, body []byte, signed, id string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/hooks/"+shopSystem, bytes.NewReader(body))
	if err != nil {
		return err
	}
	for name, value := range headers(signed, id) {
		req.Header.Set(name, value)
	}
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	_, _ = io.Copy(io.Discard, res.Body) // the status says it
	_ = res.Body.Close()                 // it was read
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("answered %s", res.Status)
	}
	return nil
}

// headers are those that the shop sends with an order.
func headers(signed, id string) map[string]string {
	return map[string]string{
		"content-type": "application/json", "x-shopify-api-version": "2026-01", "x-shopify-hmac-sha256": signed,
		"x-shopify-shop-domain": shop, "x-shopify-topic": orderTopic, "x-shopify-triggered-at": "2026-03-03T14:14:07.482913604Z",
		"x-shopify-webhook-id": "b54557e4-bdd9-4b37-8a5f-" + id,
	}
}

// send sends so many orders over all connections and measures the server.
func (w *world) send(ctx context.Context, to served, requests int) (map[string]float64, error) {
	signed := make([]string, len(w.bodies))
	for i, body := range w.bodies {
		signed[i] = sign(body)
	}
	before, err := cpuOf(to.cmd.Process.Pid)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	times := make([][]time.Duration, connections)
	errs := make([]error, connections)
	var wait sync.WaitGroup
	for c := range connections {
		wait.Go(func() {
			client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 1}}
			defer client.CloseIdleConnections()
			for n := c; n < requests && errs[c] == nil; n += connections {
				at, b := time.Now(), n%len(w.bodies)
				errs[c] = post(ctx, client, to.url, w.bodies[b], signed[b], strconv.Itoa(n))
				times[c] = append(times[c], time.Since(at))
			}
		})
	}
	wait.Wait()
	took := time.Since(began)
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return spent(to.cmd.Process.Pid, before, took, slices.Concat(times...))
}

// spent is what a process took for so many pieces of work.
func spent(pid int, before, took time.Duration, times []time.Duration) (map[string]float64, error) {
	after, err := cpuOf(pid)
	if err != nil {
		return nil, err
	}
	memory, err := memoryOf(pid)
	if err != nil {
		return nil, err
	}
	slices.Sort(times)
	n := len(times)
	return map[string]float64{
		cpuMeasure:    rounded(float64((after-before).Nanoseconds())/float64(n)/1e3, 10),
		rateMeasure:   rounded(float64(n)/took.Seconds(), 1),
		medianMeasure: rounded(float64(times[n/2].Microseconds())/1e3, 100),
		slowMeasure:   rounded(float64(times[n*99/100].Microseconds())/1e3, 100),
		memoryMeasure: rounded(memory, 1),
	}, nil
}

// rounded keeps so many parts of one: figures that nobody can read are noise.
func rounded(x, parts float64) float64 { return float64(int64(x*parts+0.5)) / parts }
