package registry

import (
	"strings"

	"github.com/plumbline/plumbline/internal/platform"
)

// credential reads where the credential of the system's API is, and checks that
// the system has one where its platform is asked for what deliveries do not say,
// and only there.
func (c *checker) credential(s *System, p platform.Platform, y yamlSystem, e platform.Endpoint) {
	s.Credential = y.Credential.text()
	_, asked := e.(platform.API)
	switch {
	case asked && !p.Telling && !y.node.has("credential"):
		c.warnings.add(y.named(), "systems.%s lacks credential: want where the credential of its API is; "+
			"until then what its deliveries only hint at is not known", s.Name)
	case asked && p.Telling && y.Credential.given() && !y.node.has("pull"):
		c.warnings.add(y.Credential.at(), "systems.%s.credential: its deliveries say everything themselves, so want pull beside it, or no credential", s.Name)
	case e != nil && !asked && y.Credential.given():
		c.warnings.add(y.Credential.at(), "systems.%s.credential: Plumbline asks no API of this platform, so want no credential", s.Name)
	}
	if y.Credential.given() && !strings.HasPrefix(s.Credential, deployedSecret) {
		c.local.add(y.Credential.at(), "systems.%s.credential: want %s/name, a deployed function has no file and no variable with a secret", s.Name, deployedSecret)
	}
}
