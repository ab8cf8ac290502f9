package registry_test

import (
	"maps"
	"os"
	"path/filepath"
	"testing"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/registry"
)

// configurable is a platform whose settings are an id, a switch and a code with
// zeros in front.
var configurable = platform.Platform{
	Name: "crm", Title: "A CRM",
	Settings: []platform.Setting{{Name: "portal", Help: "its id"}, {Name: "live", Help: "no tests"}, {Name: "store", Help: "its code"}},
	New:      func(platform.Config) (platform.Endpoint, error) { return nil, nil },
}

func TestSettings_ReachThePlatformAsTheyAreWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "plumbline.yaml")
	text := `systems:
  crm: {platform: crm, secrets: [ssm:/crm], portal: 9007199254740993001, live: true, store: 0042}
integrations: {}
`
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	r, problems := registry.Load(path, append(platforms, configurable), asOf)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	want := map[string]string{"portal": "9007199254740993001", "live": "true", "store": "0042"}
	if got := r.Systems["crm"].Settings; !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
