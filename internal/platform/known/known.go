// Package known describes every platform without what reads its webhooks, so
// that a function that checks a registry and reads none links no readers. The
// descriptions are a file that package all writes and holds to the platforms.
package known

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"

	"github.com/plumbline/plumbline/internal/platform"
)

// description is a platform but for its code.
type description struct {
	Name       string
	Title      string
	Settings   []platform.Setting `json:",omitempty"`
	Storefront bool               `json:",omitempty"`
	Role       platform.Role      `json:",omitempty"`
	Inbox      bool               `json:",omitempty"`
	Telling    bool               `json:",omitempty"`
	Versions   *platform.Versions `json:",omitempty"`

	Subscriptions *platform.Subscriptions `json:",omitempty"`
}

//go:embed platforms.json
var descriptions []byte

// Platforms lists every platform, without New.
func Platforms() ([]platform.Platform, error) {
	var all []description
	if err := json.Unmarshal(descriptions, &all); err != nil {
		return nil, fmt.Errorf("read the descriptions of platforms: %w", err)
	}
	platforms := make([]platform.Platform, 0, len(all))
	for _, d := range all {
		platforms = append(platforms, platform.Platform{Name: d.Name, Title: d.Title, Settings: d.Settings, Storefront: d.Storefront, Role: d.Role, Inbox: d.Inbox, Telling: d.Telling, Versions: d.Versions, Subscriptions: d.Subscriptions})
	}
	return platforms, nil
}

// Describe writes what Platforms reads.
func Describe(platforms []platform.Platform) ([]byte, error) {
	all := make([]description, 0, len(platforms))
	for _, p := range platforms {
		all = append(all, description{Name: p.Name, Title: p.Title, Settings: p.Settings, Storefront: p.Storefront, Role: p.Role, Inbox: p.Inbox, Telling: p.Telling, Versions: p.Versions, Subscriptions: p.Subscriptions})
	}
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	e.SetIndent("", "\t")
	err := e.Encode(all)
	return text.Bytes(), err
}
