package merge

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/store"
)

// errNobody refuses a request that would erase a whole shop: a person carries
// such a one out.
var errNobody = &queue.PoisonError{Where: "erase", Want: "the native id, the key or an order of a customer"}

// erase carries out the batch's requests to forget, before anything of the batch
// is merged. Every step may be repeated, and what shows the way to the rest is
// erased last.
func (b *batch) erase(ctx context.Context) {
	for i, e := range b.envelopes {
		for _, request := range e.Erase {
			if b.errs[i] != nil {
				break
			}
			if err := b.forget(ctx, request); err != nil {
				b.fail(i, fmt.Errorf("erase on request of %s: %w", request.System, err))
			}
		}
	}
}

func (b *batch) forget(ctx context.Context, request commerce.Erasure) (err error) {
	defer recovered(&err)
	if request.Native+request.Hash == "" && len(request.Orders) == 0 {
		return errNobody
	}
	if err := b.redactOrders(ctx, request); err != nil {
		return err
	}
	if err := b.forgetCustomer(ctx, request); err != nil {
		return err
	}
	b.Log.InfoContext(ctx, "erased on request", "system", request.System, "orders", len(request.Orders))
	return nil
}

// forgetCustomer suppresses whom the request names by an account, or by the key
// alone, as one does who asks for somebody by the address.
func (b *batch) forgetCustomer(ctx context.Context, request commerce.Erasure) error {
	if request.Native == "" {
		return b.forgetPersons(ctx, []string{request.Hash}, nil)
	}
	account := accountLink(request.System, request.Native)
	link, err := b.one(ctx, commerce.Link, account)
	if err != nil {
		return err
	}
	return b.suppress(ctx, link, func(link record.Row) error {
		if err := b.forgetAnchors(ctx, link); err != nil {
			return err
		}
		return b.forgetPersons(ctx, append(hashesOf(link), request.Hash), account)
	})
}

// forgetPersons suppresses customers' records. The accounts that other systems
// have for them go before, because under another address they would come back,
// and before an account whatever it was known by earlier. The account that was
// asked for, nil for none, shows the way here and is the caller's.
func (b *batch) forgetPersons(ctx context.Context, hashes []string, asked commerce.Key) error {
	hashes = slices.DeleteFunc(slices.Compact(slices.Sorted(slices.Values(hashes))), func(hash string) bool { return hash == "" })
	for _, hash := range hashes {
		person, err := b.one(ctx, commerce.Customer, commerce.Key{hash})
		if err != nil {
			return err
		}
		err = b.forgetPerson(ctx, person, func(person record.Row) error {
			return b.forgetAccounts(ctx, person, asked, hashes)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// forgetAccounts suppresses the accounts of a person but the one that was asked
// for.
func (b *batch) forgetAccounts(ctx context.Context, person record.Row, asked commerce.Key, hashes []string) error {
	for _, v := range person.Views {
		account := accountLink(v.System, v.Native)
		if slices.Equal(account, asked) {
			continue
		}
		if err := b.forgetAccount(ctx, account, hashes); err != nil {
			return err
		}
	}
	return nil
}

// forgetAccount suppresses an account and the records of it, but for those that
// are the caller's. One that is not the person's alone stays.
func (b *batch) forgetAccount(ctx context.Context, account commerce.Key, but []string) error {
	link, err := b.one(ctx, commerce.Link, account)
	if err != nil || collective(link) {
		return err
	}
	return b.suppress(ctx, link, func(link record.Row) error {
		if err := b.forgetAnchors(ctx, link); err != nil {
			return err
		}
		for _, hash := range hashesOf(link) {
			if hash == "" || slices.Contains(but, hash) {
				continue
			}
			person, err := b.one(ctx, commerce.Customer, commerce.Key{hash})
			if err != nil {
				return err
			}
			if err := b.forgetPerson(ctx, person, nothing); err != nil {
				return err
			}
		}
		return nil
	})
}

func nothing(record.Row) error { return nil }

func (b *batch) forgetPerson(ctx context.Context, person record.Row, first func(record.Row) error) error {
	if err := b.suppress(ctx, person, first); err != nil {
		return err
	}
	return b.clean(ctx, person)
}

// stayAway leaves out what is said of an erased account. Where that gives away
// the person's key, which the request may not have known, the record of it is
// erased as well.
func (b *batch) stayAway(ctx context.Context, account commerce.Key, tasks []task) error {
	var hashes []string
	for _, t := range tasks {
		hashes = append(hashes, text(t.o.Facets, "hash"))
		if t.o.Kind == commerce.Customer {
			hashes = append(hashes, t.o.Key[0])
		}
	}
	return b.forgetPersons(ctx, hashes, account)
}

// comesBack leaves out what is said of an erased person, and erases the accounts
// that say it: under another address they would come back.
func (b *batch) comesBack(ctx context.Context, tasks []task) error {
	for _, t := range tasks {
		if t.o.Kind != commerce.Customer {
			continue
		}
		if err := b.forgetAccount(ctx, accountLink(t.o.System, t.o.Native), t.o.Key); err != nil {
			return err
		}
	}
	return nil
}

// clean asks drift to erase the findings of a row: now, and once more when what
// was written a moment ago is in every index.
func (b *batch) clean(ctx context.Context, row record.Row) error {
	now := b.Now()
	err := b.Looks.SendLater(ctx, b.later(row.Kind, row.Key, now), b.later(row.Kind, row.Key, now.Add(queue.MaxDelay)))
	if err != nil {
		return fmt.Errorf("ask for findings to be erased: %w", err)
	}
	return nil
}

// one reads one row.
func (b *batch) one(ctx context.Context, kind commerce.Kind, key commerce.Key) (record.Row, error) {
	rows, err := b.read(ctx, []commerce.RecordID{key.ID(kind)}, b.Records.Get)
	return named(rows, kind, key), err
}

// named is a row that was read, or an empty one to be written first.
func named(rows map[commerce.RecordID]record.Row, kind commerce.Kind, key commerce.Key) record.Row {
	if row, ok := rows[key.ID(kind)]; ok {
		return row
	}
	return record.Row{Kind: kind, Key: key}
}

// suppress erases a row as of now, after what the row shows the way to. Who
// writes the row meanwhile may show more.
func (b *batch) suppress(ctx context.Context, row record.Row, first func(record.Row) error) error {
	_, err := b.rewrite(ctx, row, func(row record.Row) (record.Row, bool, error) {
		if err := first(row); err != nil {
			return row, false, err
		}
		next, changed := record.Suppress(row, b.Now())
		return next, changed, nil
	})
	return err
}

// rewrite changes a row by one conditional write, as often as somebody else
// writes it meanwhile, and returns it as it is then. It judges nothing, so that
// the generation of whoever wrote the row does not matter.
func (b *batch) rewrite(ctx context.Context, row record.Row, change func(record.Row) (record.Row, bool, error)) (record.Row, error) {
	for range races {
		next, changed, err := change(row)
		if err != nil || !changed {
			return row, err
		}
		err = b.Records.Put(ctx, next)
		var lost *store.LostError
		if !errors.As(err, &lost) {
			return next, err
		}
		row = lost.Current
	}
	return row, fmt.Errorf("%d races lost over %s", races, row.ID())
}
