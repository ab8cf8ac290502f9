package sim

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/fetch"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/standard"
	"github.com/plumbline/plumbline/internal/receive"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/secret"
)

//go:embed world.yaml
var registryText string

// deployment is which registry is current, and which one still has functions.
type deployment struct {
	current, before *registry.Registry
	next            []*registry.Registry
	// mixed is until when functions of the one before go on.
	mixed   time.Time
	systems map[string]map[string]receive.System
	asked   map[string]map[string]fetch.System
}

func newDeployment(w *world) deployment {
	d := deployment{systems: map[string]map[string]receive.System{}, asked: map[string]map[string]fetch.System{}}
	for _, times := range [][2]string{{"5m", "30m"}, {"7m", "30m"}, {"6m", "40m"}} {
		r := w.registry(strings.NewReplacer("{{settle}}", times[0], "{{value}}", times[1]).Replace(registryText))
		d.next = append(d.next, r)
		d.systems[r.Generation] = w.systems(r)
		d.asked[r.Generation] = map[string]fetch.System{"till": {Endpoint: d.systems[r.Generation]["till"].Endpoint, Credential: tillCredential}}
	}
	d.current, d.before, d.next = d.next[0], d.next[0], d.next[1:]
	return d
}

func (w *world) registry(text string) *registry.Registry {
	r, problems := registry.Parse("world.yaml", []byte(text), nil, platforms(), w.start)
	for _, p := range problems {
		w.t.Fatalf("world.yaml:%d:%d: %s", p.Line, p.Column, p.Message)
	}
	return r
}

func platforms() []platform.Platform { return []platform.Platform{standard.Platform(), tillPlatform()} }

func (w *world) systems(r *registry.Registry) map[string]receive.System {
	all := map[string]receive.System{}
	for name, s := range r.Systems {
		n := slices.IndexFunc(platforms(), func(p platform.Platform) bool { return p.Name == s.Platform })
		endpoint, err := platforms()[n].New(r.PlatformConfig(name, []byte("a key for this simulation")))
		if err != nil {
			w.t.Fatal(err)
		}
		all[name] = receive.System{Endpoint: endpoint, Secrets: []secret.Reference{}}
		for _, text := range s.Secrets {
			ref, err := secret.Parse(text)
			if err != nil {
				w.t.Fatal(err)
			}
			all[name] = receive.System{Endpoint: endpoint, Secrets: append(all[name].Secrets, ref)}
		}
	}
	return all
}

// keys are the systems' secrets.
type keys struct{}

// Resolve gives the secret of a reference.
func (keys) Resolve(_ context.Context, ref secret.Reference) (string, error) {
	return keyNamed(ref.Name), nil
}

func keyNamed(name string) string {
	return "whsec_" + strings.Repeat(fmt.Sprintf("%08x", len(name)*7919), 4)
}

// version is the registry of the function that is called next: while a
// deployment goes on, either.
func (d *deployment) version(w *world, function string) *registry.Registry {
	if time.Now().Before(d.mixed) && w.rng.IntN(2) == 0 {
		w.count("calls of " + function + " before its replacement")
		return d.before
	}
	return d.current
}

// planDeploys replaces the registry now and then: first it is said which one is
// current, then the functions follow.
func (w *world) planDeploys() {
	if !w.Plan.Deploys {
		return
	}
	for n, next := range w.deploy.next {
		name := fmt.Sprintf("deploy %d", n)
		share := time.Duration(w.Hours) * time.Hour / time.Duration(len(w.deploy.next)+1)
		w.at(w.start.Add(time.Duration(n)*share+w.between(share/4, share, name)), name, func() {
			w.count("deployments")
			w.deploy.before, w.deploy.current = w.deploy.current, next
			w.deploy.mixed = minTime(time.Now().Add(w.between(10*time.Second, 5*time.Minute, "mixed "+name)), w.faultsEnd())
		})
	}
}
