package main

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/cmd/stress/rig"
	"github.com/plumbline/plumbline/internal/docpage"
)

// report prints the result, and writes it into the page where there is one.
func (l loaded) report(out io.Writer, file, command string) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s, `%s`, %s, %d processor cores of %s, which the sender, the functions and the emulators share.\n\n",
		time.Now().Format(time.DateOnly), command, runtime.Version(), runtime.NumCPU(), runtime.GOARCH)
	l.summary(&b)
	l.minutes(&b)
	fmt.Fprint(out, b.String())
	if file == "" {
		return nil
	}
	return docpage.Write(file, "load", b.String())
}

func (l loaded) summary(w io.Writer) {
	fmt.Fprintln(w, "| | result |\n|---|---|")
	row := func(what, format string, args ...any) {
		fmt.Fprintf(w, "| %s | %s |\n", what, fmt.Sprintf(format, args...))
	}
	row(fmt.Sprintf("%d deliveries a second for %s", l.rate, short(l.lasts)),
		"%d accepted in %s (%d a second), %d refused, %d without an answer, %d sent more than a second late; answered within p50 %s, p99 %s",
		l.sent.Accepted, short(l.sent.Took), perSecond(l.sent), l.sent.Refused, l.sent.Failed, l.sent.Late, ms(l.sent.Answers.At(500)), ms(l.sent.Answers.At(990)))
	row("accepted → merged", "%s; the backlog was gone %s after the last", ranks(l.lags), ms(l.drained))
	row(fmt.Sprintf("a burst: %d deliveries at %d a second", l.burst.Accepted+l.burst.Refused+l.burst.Failed, 10*l.rate),
		"accepted at %d a second, %d refused, %d without an answer; all merged %s after the first was sent; accepted → merged %s",
		perSecond(l.burst.Sent), l.burst.Refused, l.burst.Failed, ms(l.burst.merged), ranks(l.burst.lags))
	row(fmt.Sprintf("a flash sale: %d changes of one SKU in any order, a tenth of them twice", l.changes),
		"all merged %s after the first was sent, the last value is right; %d conditional writes lost a race in %d invocations; accepted → merged %s",
		ms(l.flash.merged), l.races, l.batches, ranks(l.flash.lags))
	row(fmt.Sprintf("%d differences under the load, settle 0", l.probes), "last delivery accepted → Slack took the alert: %s; %s",
		ranks(l.alerts), aim(l.alerts.At(990) < 150*time.Millisecond, "aim p99 150 ms"))
	row("at the end", "%d different deliveries: every row is the newest by brute force, every delivery is archived, no dead letters, one alert for each difference; verified in %s",
		l.deliveries, short(l.verified))
}

// minutes is the course of the load.
func (l loaded) minutes(w io.Writer) {
	fmt.Fprint(w, "\nThe course of it. The stack is the functions, the front and the sender with all that it remembers; the SQS emulator holds the archive.\n\n")
	fmt.Fprint(w, "| after | accepted → merged p50 | p99 | longest | waiting |")
	if len(l.course) == 0 {
		fmt.Fprintln(w)
		return
	}
	for _, r := range l.course[0].memory {
		fmt.Fprintf(w, " %s MB |", named(r.name))
	}
	fmt.Fprintln(w, "\n|---:|---:|---:|---:|---:|"+strings.Repeat("---:|", len(l.course[0].memory)))
	for _, m := range l.course {
		fmt.Fprintf(w, "| %s | %s | %s | %s | %d |", short(m.at), ms(m.lags.At(500)), ms(m.lags.At(990)), ms(m.lags.At(1000)), m.waiting)
		for _, r := range m.memory {
			fmt.Fprintf(w, " %d |", r.bytes>>20)
		}
		fmt.Fprintln(w)
	}
}

// named says what a child process is for.
func named(process string) string {
	switch process {
	case "node":
		return "SQS"
	case "dynoxide":
		return "DynamoDB"
	default:
		return process
	}
}

func perSecond(s *rig.Sent) int {
	return int(time.Duration(s.Accepted) * time.Second / max(s.Took, time.Millisecond))
}

func ranks(t rig.Times) string {
	return fmt.Sprintf("p50 %s, p99 %s, longest %s", ms(t.At(500)), ms(t.At(990)), ms(t.At(1000)))
}

func aim(reached bool, text string) string {
	if reached {
		return text + " reached"
	}
	return text + " **missed**"
}

// ms is a duration in milliseconds, or in seconds from ten of them.
func ms(d time.Duration) string {
	if d >= 10*time.Second {
		return short(d)
	}
	return fmt.Sprintf("%d ms", d.Milliseconds())
}

// short is a duration to a tenth of a second, without units of nothing.
func short(d time.Duration) string {
	text := d.Round(100 * time.Millisecond).String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	return text
}
