package registry

import (
	"slices"
	"strings"
)

type yamlChanges struct {
	origin
	Secrets []secretRef `json:"secrets" jsonschema:"References to the secrets that sign what pipelines and job schedulers tell: ssm:/name, env:NAME or file:path; several while rotating."`
}

// changes reads who may tell about changes.
func (c *checker) changes() []string {
	y := c.file.Changes
	var secrets []string
	for _, ref := range y.Secrets {
		if slices.Contains(secrets, ref.text()) && ref.given() {
			c.errors.add(ref.at(), "changes.secrets: the same reference stands twice")
		}
		secrets = append(secrets, ref.text())
		if ref.given() && !strings.HasPrefix(ref.text(), deployedSecret) {
			c.local.add(ref.at(), "changes.secrets: want %s/name, a deployed function has no file and no variable with a secret", deployedSecret)
		}
	}
	if y.given() && y.node.has("secrets") && len(y.Secrets) == 0 {
		c.errors.add(y.named(), "changes.secrets: there are none, want at least one")
	}
	return secrets
}
