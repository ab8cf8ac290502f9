package tuesday_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/day"
	"github.com/plumbline/plumbline/internal/day/daytest"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/all"
	"github.com/plumbline/plumbline/internal/registry"
)

// root is the folder of the demo registry.
const root = "../../.."

func loadRegistry(t *testing.T) *registry.Registry {
	t.Helper()
	return daytest.Load(t, filepath.Join(root, "plumbline.yaml"))
}

func readDay(t *testing.T) day.Day {
	t.Helper()
	return daytest.Read(t, filepath.Join(root, "events", "day"))
}

// front is the door of one system.
type front struct {
	endpoint platform.Endpoint
	secrets  []platform.Secret
}

func fronts(t *testing.T, r *registry.Registry) map[string]front {
	t.Helper()
	known := map[string]platform.Platform{}
	for _, p := range all.Platforms() {
		known[p.Name] = p
	}
	doors := map[string]front{}
	for name, s := range r.Systems {
		endpoint, err := known[s.Platform].New(r.PlatformConfig(name, []byte("a key for this test")))
		if err != nil {
			t.Fatal(err)
		}
		door := front{endpoint: endpoint}
		for _, ref := range s.Secrets {
			text, err := os.ReadFile(filepath.Join(root, strings.TrimPrefix(ref, "file:")))
			if err != nil {
				t.Fatal(err)
			}
			door.secrets = append(door.secrets, platform.Secret(strings.TrimSpace(string(text))))
		}
		doors[name] = door
	}
	return doors
}

// take is what a platform makes of a delivery of the day.
func (f front) take(d day.Delivery) (platform.Reading, string) {
	header := http.Header{}
	for name, value := range d.Headers {
		header.Set(name, value)
	}
	req := platform.Request{Header: header, Body: []byte(d.Body), Received: d.At}
	if err := f.endpoint.Verify(req, f.secrets); err != nil {
		return platform.Reading{}, day.Refused
	}
	topic, id := f.endpoint.Identify(req)
	kept := map[string]string{}
	for _, name := range f.endpoint.Headers() {
		if value := header.Get(name); value != "" {
			kept[strings.ToLower(name)] = value
		}
	}
	reading, err := f.endpoint.Normalise(commerce.Delivery{
		ID: id, System: d.System, Topic: topic, Received: d.At, Header: kept, Body: req.Body,
	})
	switch {
	case err != nil:
		return reading, day.Unreadable
	case len(reading.Observations) == 0:
		return reading, day.Ignored
	default:
		return reading, day.Accepted
	}
}

func TestDemoRegistry_IsInOrder(t *testing.T) {
	r := loadRegistry(t)
	if len(r.Integrations) != 5 {
		t.Errorf("%d integrations, want 5", len(r.Integrations))
	}
}

func TestDemoRegistry_HasTheRulesOfTheTruth(t *testing.T) {
	r := loadRegistry(t)
	for _, a := range readDay(t).Truth.Alerts {
		i, ok := r.Integration(a.Integration)
		found := a.Rule == "" // unknown ids and unreadable deliveries need no rule
		for _, rule := range i.Rules {
			found = found || rule.ID == a.Rule && rule.Mode == registry.Alert
		}
		if !ok || !found {
			t.Errorf("%s: the registry has no rule %s/%s that alerts", a.Name, a.Integration, a.Rule)
		}
	}
}

func TestRecordedDay_EveryDeliveryIsTakenAsTheTruthSays(t *testing.T) {
	d, doors := readDay(t), fronts(t, loadRegistry(t))
	outcomes := d.Outcomes()
	for i, delivery := range d.Deliveries {
		if reading, got := doors[delivery.System].take(delivery); got != outcomes[i] {
			t.Errorf("line %d (%s, %s): %s, want %s; %s", i+1, delivery.System, delivery.Headers["X-Shopify-Topic"], got, outcomes[i], reading.Ignored)
		}
	}
}

func TestRecordedDay_OneLocationIsUnknown(t *testing.T) {
	unknown := map[string]int{}
	d, doors := readDay(t), fronts(t, loadRegistry(t))
	for _, delivery := range d.Deliveries {
		reading, _ := doors[delivery.System].take(delivery)
		for _, o := range reading.Observations {
			if o.Kind == commerce.Mapping {
				unknown[o.Key.Text(o.Kind)]++
			}
		}
	}
	if len(unknown) != 1 || unknown["shopify-us/location/70002"] < 20 {
		t.Errorf("unknown: %v, want location 70002 in at least 20 deliveries", unknown)
	}
}
