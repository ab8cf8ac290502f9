package e2e_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/local"
	"github.com/plumbline/plumbline/internal/local/emulator"
)

// readmeBlock is the one block of shell commands in the README that holds the
// text.
func readmeBlock(t *testing.T, text string) string {
	t.Helper()
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for i, part := range strings.Split(string(readme), "\n```") {
		if i%2 == 1 && strings.HasPrefix(part, "sh\n") && strings.Contains(part, text) {
			found = append(found, strings.TrimPrefix(part, "sh\n"))
		}
	}
	if len(found) != 1 {
		t.Fatalf("the README has %d blocks of commands with %q, want one", len(found), text)
	}
	return found[0]
}

// shell runs commands as people paste them, in the folder where they read them.
func shell(t *testing.T, script string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "sh", "-eu")
	cmd.Dir, cmd.Stdin = root, strings.NewReader(script)
	out, err := cmd.Output()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	return string(out)
}

// byHand runs the README's signatures by hand against a front.
func byHand(t *testing.T, front string) {
	t.Helper()
	const address = "http://127.0.0.1:8080"
	script := readmeBlock(t, "openssl dgst")
	if !strings.Contains(script, address) {
		t.Fatalf("the README does not post to %s", address)
	}
	out := shell(t, strings.ReplaceAll(script, address, front))
	if want, got := strings.Count(script, "curl "), strings.Count(out, "HTTP/1.1 200 OK"); got != want {
		t.Errorf("%d of %d deliveries were taken:\n%s", got, want, out)
	}
}

func TestASignatureMadeByHandAsInTheReadme_IsTaken(t *testing.T) {
	t.Parallel()
	w := newWorld(t, local.Options{
		Memory: true, Emulators: emulator.ForTest(t), Plan: local.Plan{Prefix: "hand-", Window: time.Second}, Schedules: []contract.Schedule{},
	})
	byHand(t, w.Front())
	w.quiesce(t)
	kept, err := archived(t.Context(), w.wire, w.Clock().Now())
	if err != nil {
		t.Fatal(err)
	}
	var systems []string
	for _, e := range kept {
		systems = append(systems, e.Delivery.System)
	}
	slices.Sort(systems)
	if !slices.Equal(systems, []string{"erp", "shopify-us"}) {
		t.Errorf("deliveries of %v were merged", systems)
	}
	if free := w.mustRows(t)["inventory MUG-BLU@east"].SideOf("erp").Facets["free"]; free.String() != "12" {
		t.Errorf("the stock is %v, want 12", free)
	}
}
