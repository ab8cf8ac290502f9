package e2e_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/plumbline/plumbline/internal/contract"
)

// policies are what the synthesised roles allow, by function. The tests of infra
// hold the file to the template.
var policies = sync.OnceValues(func() (map[string]policy, error) {
	content, err := os.ReadFile(filepath.Join(root, "infra", "testdata", "policies.json"))
	if err != nil {
		return nil, err
	}
	var all map[string]policy
	return all, json.Unmarshal(content, &all)
})

// policy is the policy of a role, as IAM reads it.
type policy []struct {
	Effect    string
	Action    []string
	Resource  []string
	Condition map[string]map[string][]string
}

// request is what somebody asks of AWS, as IAM sees it: the action, the resource
// and, of a table, the partition keys of the items.
type request struct {
	action, resource string
	keys             []string
}

// right is one thing that a policy allows.
type right struct{ policy, action, resource, key string }

func (r right) String() string {
	return strings.TrimSpace(fmt.Sprintf("%s: %s on %s %s", r.policy, r.action, strings.TrimPrefix(r.resource, "arn:aws:"), r.key))
}

// leadingKeys is the condition on the partition keys of items.
const leadingKeys = "dynamodb:LeadingKeys"

// rights are all that a policy allows, one by one.
func (p policy) rights(name string) []right {
	var all []right
	for _, s := range p {
		keys := s.Condition["ForAllValues:StringLike"][leadingKeys]
		if len(keys) == 0 {
			keys = []string{""}
		}
		for _, action := range s.Action {
			for _, resource := range s.Resource {
				for _, key := range keys {
					all = append(all, right{name, action, resource, key})
				}
			}
		}
	}
	return all
}

// allows is IAM's decision: the rights that let the request pass, or none. What no
// statement allows is denied.
func (p policy) allows(name string, r request) []right {
	var used []right
	keys := r.keys
	if len(keys) == 0 {
		keys = []string{""} // a condition on all of none holds
	}
	for _, key := range keys {
		found := slices.DeleteFunc(p.rights(name), func(one right) bool {
			return one.action != r.action || !like(one.resource, r.resource) || one.key != "" && len(r.keys) > 0 && !like(one.key, key)
		})
		if len(found) == 0 {
			return nil
		}
		used = append(used, found...)
	}
	return used
}

// like is IAM's comparison with a pattern. Its stars stand at the end here.
func like(pattern, text string) bool {
	prefix, open := strings.CutSuffix(pattern, "*")
	return pattern == text || open && strings.HasPrefix(text, prefix)
}

// ledger remembers what was decided.
type ledger struct {
	mu     sync.Mutex
	used   map[right]bool
	denied map[string]bool
}

// decided is the ledger of all functions of all worlds of these tests.
var decided ledger

var errDenied = errors.New("access denied")

// decide returns an error in AWS's words where the policy does not allow the
// request.
func (l *ledger) decide(name string, r request) error {
	all, err := policies()
	if err != nil {
		return err
	}
	rights := all[name].allows(name, r)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.used == nil {
		l.used, l.denied = map[right]bool{}, map[string]bool{}
	}
	for _, one := range rights {
		l.used[one] = true
	}
	if len(rights) > 0 {
		return nil
	}
	function, _, _ := strings.Cut(name, " ")
	text := fmt.Sprintf("User: arn:aws:sts::%s:assumed-role/plumbline-prod-%s/plumbline-prod-%[2]s is not authorized to perform: %s on resource: %s"+
		" because no identity-based policy allows the %[3]s action", account, function, r.action, r.resource)
	l.denied[text+" "+strings.Join(r.keys, " ")] = true
	return fmt.Errorf("%w: %s", errDenied, text)
}

func (l *ledger) denials() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Sorted(maps.Keys(l.denied))
}

func (l *ledger) uses(r right) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.used[r]
}

// Where the policies are deployed.
const (
	account = "111122223333"
	region  = "eu-west-1"
)

// arn is what the policies call a resource of the contract.
func arn(kind contract.Kind, name string) string {
	at := func(service, resource string) string {
		return "arn:aws:" + service + ":" + region + ":" + account + ":" + resource
	}
	switch kind {
	case contract.TableKind:
		return at("dynamodb", "table/plumbline-prod-"+name)
	case contract.QueueKind:
		return at("sqs", "plumbline-prod-"+name)
	case contract.TopicKind:
		return at("sns", "plumbline-prod-"+name)
	case contract.BucketKind:
		return "arn:aws:s3:::plumbline-prod-" + name + "-" + account + "-" + region
	default:
		return at("ssm", "parameter"+name)
	}
}
