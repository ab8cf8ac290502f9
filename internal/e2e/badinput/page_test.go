package badinput

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const pageHead = `# Bad inputs: what becomes of each

112 kinds of bad input, as data in ` + "[`events/bad/cases.json`](../events/bad/cases.json)" + `, on every way into Plumbline. The test writes this page:

    go test ./internal/e2e/badinput            # holds the product and this page to the data
    go test ./internal/e2e/badinput -update    # writes what is read, and the page

| way | what must hold |
|---|---|
| through the front on loopback, and as a gateway's event, the body in base64 and not | the status, the effect and nothing else; the time and memory that answering takes |
| the body itself as a message of the queue | tried five times, then a dead letter as it came; nothing else changes; a redrive leaves it there |
| at places 1, 5 and 10 of a batch, among nine good messages | the nine are merged, and it alone fails |
| delivered five times, and each message received five times more | what is stored is the same as after once |
| brought back from quarantine and the dead letters | what cannot be read stays; the rest comes to the same rows |

On all of them no log, row, finding, alert, reason or error holds a secret, a signature, or one of the personal data that are in every body. Of
what is refused nothing at all is logged or stored.

A signed delivery that cannot be read is answered with 200 and kept: its sender would only send it again, or give up. It waits in quarantine,
its owner is told, and a repaired reader brings it back.

| effect | means |
|---|---|
| nothing | no message, no row |
| quarantined | kept byte for byte with the reason, and an alert to the owner |
| merged | merged like any delivery: what of it is odd is not read, or is as it says |
| ignored | kept in the archive, without observations |
| fetched | the platform's API is asked |

Answering takes at most %d ms of processor time, and %d KB of memory besides %d bytes for each byte of the body, where the column "more" does
not say otherwise.
`

func page(c corpus) string {
	var b strings.Builder
	fmt.Fprintf(&b, pageHead, usualMillis, usualKB, perByte)
	for _, g := range c.Groups {
		fmt.Fprintf(&b, "\n## %s\n\n| | input | status | effect | reason, or where the front answers otherwise | more |\n|---|---|---|---|---|---|\n", g.Name)
		for _, k := range g.Cases {
			for i, one := range k.Inputs {
				name := k.Name
				if one.Name != "" {
					name += ": " + one.Name
				}
				fmt.Fprintf(&b, "| %d | %s | %d | %s | %s | %s |\n", k.N, cell(name), one.Status, one.Effect, cell(why(one)), more(one))
				if i == len(k.Inputs)-1 && k.Note != "" {
					fmt.Fprintf(&b, "| | *%s* | | | | |\n", cell(k.Note))
				}
			}
		}
	}
	return b.String()
}

func why(i input) string {
	if i.Front != 0 {
		return fmt.Sprintf("the front answers %d", i.Front)
	}
	return i.Reason
}

func more(i input) string {
	if i.KB == 0 {
		return ""
	}
	return fmt.Sprintf("%d KB", i.KB)
}

func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "*", `\*`, "_", `\_`, "<", "&lt;", "[", `\[`).Replace(text)
}

func TestThePageShowsEveryKind(t *testing.T) {
	want := page(load(t))
	if *update {
		if err := os.WriteFile(filepath.FromSlash(pageFile), []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(filepath.FromSlash(pageFile))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("docs/bad-inputs.md is not what the data say; write it with -update\n%s", diff)
	}
}
