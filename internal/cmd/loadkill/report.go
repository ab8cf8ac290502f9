package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/load"
	"github.com/plumbline/plumbline/internal/runtimeapi"
)

// memory is what the processes of the function load had resident, by how far the
// load was.
type memory struct {
	samples []sample
	most    int // kB
}

type sample struct {
	state    load.State
	rows, kB int
}

// sample looks at the processes that run the bundle's binary.
func (m *memory) sample(bundle string, c load.Certificate, merged int) {
	binary, err := filepath.EvalSymlinks(filepath.Join(bundle, runtimeapi.Bootstrap))
	if err != nil {
		return
	}
	kB, most := resident(binary)
	m.most = max(m.most, most)
	rows := c.Rows
	if c.State != load.Reading {
		rows = merged
	}
	if kB > 0 {
		m.samples = append(m.samples, sample{c.State, rows, kB})
	}
}

// resident is what the largest process of a binary has in memory, and the most that
// one had, as Linux tells.
func resident(binary string) (kB, most int) {
	folders, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return 0, 0
	}
	for _, folder := range folders {
		if path, err := os.Readlink(filepath.Join(folder, "exe")); err != nil || path != binary {
			continue
		}
		text, err := os.ReadFile(filepath.Join(folder, "status"))
		if err != nil {
			continue // it has ended meanwhile
		}
		for line := range strings.Lines(string(text)) {
			var n int
			if _, err := fmt.Sscanf(line, "VmRSS: %d kB", &n); err == nil {
				kB = max(kB, n)
			}
			if _, err := fmt.Sscanf(line, "VmHWM: %d kB", &n); err == nil {
				most = max(most, n)
			}
		}
	}
	return kB, most
}

// tenths are the memory while the file is read, at each tenth of its rows.
func (m *memory) tenths(rows int) []string {
	var all []string
	for tenth := 1; tenth <= 10; tenth++ {
		top := 0
		for _, s := range m.samples {
			if s.state == load.Reading && s.rows > rows*(tenth-1)/10 && s.rows <= rows*tenth/10 {
				top = max(top, s.kB)
			}
		}
		if top == 0 {
			all = append(all, "–")
			continue
		}
		all = append(all, fmt.Sprint(top>>10))
	}
	return all
}

// after is the most that was seen once the file was read.
func (m *memory) after() int {
	top := 0
	for _, s := range m.samples {
		if s.state != load.Reading {
			top = max(top, s.kB)
		}
	}
	return top
}

// pagePart is the part of the page that the program writes.
const pagePart = "load-kill"

// block is what came of the trial with what it was run by.
func (t *trial) block(said string) string {
	return fmt.Sprintf("`make load-kill ROWS=%d KILLS=%d`, %s, %s, %d virtual %s cores:\n\n```\n%s```\n",
		t.rows, t.kills, t.began.Format(time.DateOnly), strings.Replace(runtime.Version(), "go", "Go ", 1), runtime.NumCPU(), machine(), said)
}

// machine is the architecture as people write it.
func machine() string {
	if runtime.GOARCH == "amd64" {
		return "x86-64"
	}
	return runtime.GOARCH
}

func (t *trial) report(out io.Writer, c load.Certificate, n counts, took time.Duration) {
	line := func(name, format string, args ...any) {
		fmt.Fprintf(out, "%-22s %s\n", name, fmt.Sprintf(format, args...))
	}
	line("rows in the file", "%d", t.rows)
	line("kills", "%d", t.kills)
	line("took", "%s, %d rows a second", took.Round(time.Second), t.rows*1000/int(took.Milliseconds()+1))
	line("rows read", "%d, %d rejected", c.Rows, c.Rejected)
	line("records", "%d in the file, %d in the table", c.Keys, n.rows)
	line("doubled", "%d", n.doubled)
	line("wrong", "%d", n.wrong)
	line("gone", "%d", c.Gone)
	line("memory while reading", "%s MB at each tenth of the file", strings.Join(t.memory.tenths(t.rows), " "))
	line("memory", "%d MB while concluding, %d MB at most", t.memory.after()>>10, t.memory.most>>10)
	for _, phase := range []string{before, during} {
		all := t.live.took[phase]
		line("live "+phase, "%d webhooks, accepted to merged p50 %s, p99 %s, slowest %s", len(all), ms(percentile(all, 50)), ms(percentile(all, 99)), ms(percentile(all, 100)))
	}
	line("live over a kill", "%d accepted before and merged after, slowest %s", len(t.live.across), ms(percentile(t.live.across, 100)))
	line("live refused, lost", "%d while no stack ran, %d accepted and never merged", t.live.refused, t.live.lost)
}

func ms(d time.Duration) string { return d.Round(time.Millisecond).String() }
