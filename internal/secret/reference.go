// Package secret fetches secrets by reference and remembers them for a short
// time. It owns where secrets come from and how long a known one serves while
// its store fails; it leaves to callers what a secret is for.
package secret

import (
	"errors"
	"fmt"
	"strings"
)

// Store is where a secret is kept.
type Store string

// The stores.
const (
	// SSM is AWS Systems Manager's parameter store.
	SSM Store = "ssm"
	// Env is the environment, for local runs.
	Env Store = "env"
	// File is a file beside the registry, for local runs and samples.
	File Store = "file"
)

// Reference says where a secret is. The zero Reference is none.
type Reference struct {
	Store Store
	Name  string
}

// ErrReference is returned for a text that is not a reference.
var ErrReference = errors.New(`secret: not a reference: want "ssm:/name", "env:NAME" or "file:path"`)

// Parse reads "ssm:/name", "env:NAME" or "file:path". Its error does not
// repeat the text, which may be a secret pasted by mistake.
func Parse(text string) (Reference, error) {
	store, name, found := strings.Cut(text, ":")
	if !found || name == "" {
		return Reference{}, ErrReference
	}
	ref := Reference{Store: Store(store), Name: name}
	switch ref.Store {
	case SSM:
		if !strings.HasPrefix(name, "/") {
			return Reference{}, ErrReference
		}
	case Env, File:
	default:
		return Reference{}, ErrReference
	}
	return ref, nil
}

// String is the text that Parse reads. It tells where a secret is and nothing
// of the secret.
func (r Reference) String() string {
	if r == (Reference{}) {
		return ""
	}
	return fmt.Sprintf("%s:%s", r.Store, r.Name)
}
