// Package subject finds what Plumbline keeps of one person, and puts a person's
// wish to be forgotten into the form that merge carries out.
//
// A person is asked for by the keyed hash of an e-mail address or by an account in
// a system; an address itself never gets here. What is erased, and what stays as a
// marker, is for merge to decide.
package subject

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/record"
)

// Account is a customer's account in one system, or an order there, by the
// system's own id.
type Account struct{ System, Native string }

// ErrAccount is returned for a text that names no account.
var ErrAccount = errors.New("want SYSTEM/ID, such as shopify-us/8123")

// ParseAccount reads SYSTEM/ID. The error does not repeat the text, which may be
// anything that somebody typed.
func ParseAccount(text string) (Account, error) {
	system, native, ok := strings.Cut(text, "/")
	if !ok || system == "" || native == "" || strings.Contains(text, "@") {
		return Account{}, ErrAccount
	}
	return Account{system, native}, nil
}

// Query asks for a person: by Hash, the key of the customer, or by Account. One of
// them is blank.
type Query struct {
	Hash    string
	Account Account
}

// Records is a store of rows that is only read.
type Records interface {
	Get(ctx context.Context, ids []commerce.RecordID) (map[commerce.RecordID]record.Row, error)
}

// Findings is a store of findings that is only read.
type Findings interface {
	FindingsOf(ctx context.Context, record commerce.RecordID) ([]finding.Finding, error)
}

// Known is what there is of a person.
type Known struct {
	// Rows are the customer's records, the accounts' links, and the anchors by
	// which other accounts are known to be the same person's.
	Rows []record.Row
	// Findings are about those records.
	Findings []finding.Finding
	// Erased says that the person was erased on request: markers are left.
	Erased bool
}

// Accounts are those of the person, in the order of their systems.
func (k Known) Accounts() []Account {
	var all []Account
	for _, row := range k.Rows {
		if row.Kind == commerce.Link && row.Suppressed.IsZero() {
			all = append(all, Account{row.Key[0], row.Key[2]})
		}
	}
	slices.SortFunc(all, func(a, b Account) int {
		return cmp.Or(cmp.Compare(a.System, b.System), cmp.Compare(a.Native, b.Native))
	})
	return all
}

// maxRows bounds what is looked at for one person. Only an account that stands
// for many, such as the one that an ERP books all guests on, leads further.
const maxRows = 200

// Find reads what is kept of a person: from the record to its accounts, from an
// account to what it is and was known by, and on from there.
func Find(ctx context.Context, records Records, findings Findings, q Query) (Known, error) {
	next := []commerce.RecordID{commerce.Key{q.Hash}.ID(commerce.Customer)}
	if q.Hash == "" {
		next = []commerce.RecordID{link(q.Account.System, q.Account.Native)}
	}
	var k Known
	seen := map[commerce.RecordID]bool{}
	for len(next) > 0 {
		rows, err := records.Get(ctx, next)
		if err != nil {
			return Known{}, fmt.Errorf("read what is kept of the person: %w", err)
		}
		var beyond []commerce.RecordID
		for _, id := range next {
			seen[id] = true
			if row, there := rows[id]; there {
				k.Rows = append(k.Rows, row)
				k.Erased = k.Erased || !row.Suppressed.IsZero()
				beyond = append(beyond, leads(row)...)
			}
		}
		slices.Sort(beyond)
		next = slices.DeleteFunc(slices.Compact(beyond), func(id commerce.RecordID) bool { return seen[id] })
		if len(seen)+len(next) > maxRows {
			return Known{}, errors.New("the account stands for many persons, not for one")
		}
	}
	for _, row := range k.Rows {
		of, err := findings.FindingsOf(ctx, row.ID())
		if err != nil {
			return Known{}, fmt.Errorf("read findings about the person: %w", err)
		}
		k.Findings = append(k.Findings, of...)
	}
	return k, nil
}

func link(system, native string) commerce.RecordID {
	return commerce.Key{system, commerce.CustomerLink, native}.ID(commerce.Link)
}

// leads are the rows that a row of a person shows the way to. Anchors lead to
// nobody: two persons may share a telephone number.
func leads(row record.Row) []commerce.RecordID {
	var ids []commerce.RecordID
	for _, v := range row.Views {
		switch row.Kind {
		case commerce.Customer:
			ids = append(ids, link(v.System, v.Native))
		case commerce.Link:
			ids = append(ids, named(v.Facets)...)
			for _, past := range v.Was {
				ids = append(ids, named(past.Facets)...)
			}
		default: // an anchor
		}
	}
	return ids
}

// named are the rows that the facets of an account's link name.
func named(f commerce.Facets) []commerce.RecordID {
	var ids []commerce.RecordID
	if hash := text(f, "hash"); hash != "" {
		ids = append(ids, commerce.Key{hash}.ID(commerce.Customer))
	}
	for _, name := range commerce.Anchors() {
		if value := text(f, name); value != "" {
			ids = append(ids, commerce.Key{name, value}.ID(commerce.Anchor))
		}
	}
	return ids
}

func text(f commerce.Facets, name string) string {
	if v, told := f[name]; told && !v.IsNull() {
		return v.String()
	}
	return ""
}

// Topic is the topic of requests to forget that Plumbline's own people make.
const Topic = "erase"

// Request asks merge to forget a person, whom q names, and to take what may name
// one out of orders. Either may be the zero value, not both. It holds hashes and
// native ids, and nothing else.
func Request(q Query, orders []Account, id string, now time.Time) queue.Envelope {
	bySystem := map[string]*commerce.Erasure{}
	var systems []string
	of := func(system string) *commerce.Erasure {
		if bySystem[system] == nil {
			bySystem[system] = &commerce.Erasure{System: system}
			systems = append(systems, system)
		}
		return bySystem[system]
	}
	switch {
	case q.Account != Account{}:
		of(q.Account.System).Native = q.Account.Native
	case q.Hash != "":
		of(commerce.Plumbline).Hash = q.Hash
	}
	for _, o := range orders {
		e := of(o.System)
		e.Orders = append(e.Orders, o.Native)
	}
	envelope := queue.Envelope{Delivery: commerce.Delivery{
		ID: id, System: commerce.Plumbline, Topic: Topic, Received: now.UTC().Truncate(time.Millisecond),
	}}
	for _, system := range systems {
		envelope.Erase = append(envelope.Erase, *bySystem[system])
	}
	return envelope
}
