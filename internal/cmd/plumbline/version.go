package main

import (
	"runtime"

	"github.com/plumbline/plumbline/internal/registry"
)

// version is the release, set when one is built.
var version = "development"

// versionCmd says what this program is, and which registries it reads.
type versionCmd struct{}

type versionAnswer struct {
	Version        string `json:"version"`
	RegistrySchema string `json:"registry_schema"`
	Go             string `json:"go"`
	Platform       string `json:"platform"`
}

// Run prints it.
func (versionCmd) Run(out *output) error {
	v := versionAnswer{
		Version: version, RegistrySchema: registry.SchemaID(),
		Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH,
	}
	if out.json {
		return out.encode(v)
	}
	out.line("plumbline %s", v.Version)
	out.line("registry schema %s", v.RegistrySchema)
	out.line("%s %s", v.Go, v.Platform)
	return nil
}
