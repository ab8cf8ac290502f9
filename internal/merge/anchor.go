package merge

import (
	"context"
	"fmt"
	"slices"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/record"
)

// anchorPart is the part of an account's link that has a view for every anchor
// that the account was ever told by. Whoever erases the account finds the anchor
// rows by it.
const anchorPart = "anchor"

// maxAnchors is how many anchors one account may have had. One with more is
// nobody's alone.
const maxAnchors = 16

// isAccount reports whether a link row is of a customer's account.
func isAccount(link record.Row) bool { return link.Key[1] == commerce.CustomerLink }

// unanchored leaves what an account is known by out of its link where no rule
// asks for it: nothing of a person is kept without need.
func (s *Service) unanchored(o commerce.Observation) commerce.Observation {
	if o.Kind != commerce.Link || o.Key[1] != commerce.CustomerLink || len(s.Rules[commerce.Anchor]) > 0 {
		return o
	}
	kept := commerce.Facets{}
	for name, value := range o.Facets {
		if !slices.Contains(commerce.Anchors(), name) {
			kept[name] = value
		}
	}
	o.Facets = kept
	return o
}

// anchor makes the account's row of each anchor follow the account's link: what
// the anchors are now waits on the link as live, what they were as gone. Nothing
// waits where nothing changed, so that an account that only buys costs no write
// more.
func (b *batch) anchor(before, after record.Row) record.Row {
	is := target(after)
	if !isAccount(after) || is == nil {
		return after
	}
	was := record.View{}
	if v := target(before); v != nil {
		was = *v
	}
	sameHash := text(was.Facets, "hash") == text(is.Facets, "hash")
	for _, name := range commerce.Anchors() {
		old, now := text(was.Facets, name), text(is.Facets, name)
		if old != "" && old != now {
			o := anchored(*is, name, old)
			o.Gone, o.Facets = true, nil
			after, _ = record.Wait(after, o)
		}
		if now == "" || old == now && sameHash || !roomFor(after, name, now) {
			continue
		}
		after, _ = record.Wait(after, anchored(*is, name, now))
		after = b.remember(after, *is, name, now)
	}
	return after
}

// anchored is what an anchor's row is told of an account. It belongs to the same
// version as the link that says so.
func anchored(is record.View, name, value string) commerce.Observation {
	o := commerce.Observation{
		System: is.System, Kind: commerce.Anchor, Key: commerce.Key{name, value},
		Via:  &commerce.Via{Type: commerce.CustomerLink, Native: is.Native},
		Part: "account", Native: is.Native, Slot: slotOf(is), Version: is.Version, Facets: commerce.Facets{},
	}
	if hash := text(is.Facets, "hash"); hash != "" {
		o.Facets["hash"] = commerce.Text(hash)
	}
	return o
}

// slotOf is where only one account of a person is meant. Systems that have
// accounts of several sorts say of which sort one is.
func slotOf(is record.View) string {
	if is.Slot != "" {
		return is.Slot
	}
	return "account"
}

func anchorNative(name, value string) string { return name + "/" + value }

// roomFor reports whether an account may have the anchor.
func roomFor(account record.Row, name, value string) bool {
	n := 0
	for _, v := range account.Views {
		if v.Part != anchorPart {
			continue
		}
		if n++; v.Native == anchorNative(name, value) {
			return true
		}
	}
	return n < maxAnchors
}

// remember notes in an account's link that it was told by an anchor.
func (b *batch) remember(account record.Row, is record.View, name, value string) record.Row {
	o := commerce.Observation{
		System: is.System, Kind: commerce.Link, Key: account.Key, Part: anchorPart, Native: anchorNative(name, value),
		Facets: commerce.Facets{name: commerce.Text(value)},
	}
	o.Stamp(neverChanges)
	account, _ = record.Merge(account, o, record.Source{Delivery: is.Delivery, Received: is.Received})
	return account
}

// leave makes the rows of a customer's former address forget the account that
// has another one by now.
func (b *batch) leave(ctx context.Context, before, after record.Row) (record.Row, error) {
	was, is := target(before), target(after)
	if !isAccount(after) || was == nil || is == nil {
		return after, nil
	}
	old := text(was.Facets, "hash")
	if old == "" || old == text(is.Facets, "hash") {
		return after, nil
	}
	row, err := b.one(ctx, commerce.Customer, commerce.Key{old})
	if err != nil {
		return after, fmt.Errorf("read the row of a former address: %w", err)
	}
	for _, v := range row.Views {
		if v.System == is.System && v.Native == is.Native && !v.Gone {
			after, _ = record.Wait(after, movedAway(row.Key, v, *is))
		}
	}
	return after, nil
}

// movedAway ends a view of an account under an address that it no longer has.
// The account lives on under another one.
func movedAway(key commerce.Key, v, is record.View) commerce.Observation {
	return commerce.Observation{
		System: is.System, Kind: commerce.Customer, Key: key, Via: &commerce.Via{Type: commerce.CustomerLink, Native: is.Native},
		Part: v.Part, Native: v.Native, Slot: v.Slot, Version: is.Version, Gone: true, SucceededBy: v.Native, Created: v.Created,
	}
}

// overtaken is what follows from tasks that the link is ahead of: an address
// that the account had before a newer one was told is not its address, and an
// account that is gone is known by nothing.
func overtaken(link record.Row, tasks []task) []task {
	is := target(link)
	if is == nil {
		return nil
	}
	hash := text(is.Facets, "hash")
	var out []task
	for _, t := range tasks {
		switch {
		case t.o.Kind != commerce.Customer:
		case t.o.Gone && t.o.Via != nil:
			for _, name := range commerce.Anchors() {
				if value := text(is.Facets, name); value != "" {
					o := anchored(*is, name, value)
					o.Gone, o.Facets, o.Version, o.SucceededBy, o.Via = true, nil, t.o.Version, t.o.SucceededBy, nil
					out = append(out, task{message: t.message, o: o, from: t.from})
				}
			}
		case t.o.Via == nil && !t.o.Gone && hash != "" && t.o.Key[0] != hash && t.o.Version.Parts().Clock.Before(is.Version.Parts().Clock):
			v := record.View{ViewID: record.ViewID{System: t.o.System, Part: t.o.Part, Native: t.o.Native}, Slot: t.o.Slot}
			o := movedAway(t.o.Key, v, *is)
			o.Via = nil
			out = append(out, task{message: t.message, o: o, from: t.from})
		}
	}
	return out
}

// forgetAnchors suppresses the rows of everything that an account was ever told
// by. Whoever shares a telephone number with the person is told by it no more.
func (b *batch) forgetAnchors(ctx context.Context, account record.Row) error {
	for _, key := range anchorsOf(account) {
		row, err := b.one(ctx, commerce.Anchor, key)
		if err != nil {
			return err
		}
		if err := b.forgetPerson(ctx, row, nothing); err != nil {
			return err
		}
	}
	return nil
}

// anchorsOf are the keys of the anchor rows that an account's link names, and
// ever named.
func anchorsOf(link record.Row) []commerce.Key {
	var keys []commerce.Key
	add := func(facets commerce.Facets) {
		for _, name := range commerce.Anchors() {
			key := commerce.Key{name, text(facets, name)}
			known := slices.ContainsFunc(keys, func(k commerce.Key) bool { return slices.Equal(k, key) })
			if key.Complete() && !known {
				keys = append(keys, key)
			}
		}
	}
	for _, v := range link.Views {
		add(v.Facets)
		for _, past := range v.Was {
			add(past.Facets)
		}
	}
	return keys
}
