package alert_test

import (
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/registry"
)

// mended is an alert of a rule that says which side is right.
func mended(authority registry.Authority, plain ...string) built {
	a := stock(finding.ValueDiffers)
	a.Authority, a.Plain, a.FirstCheck = authority, plain, ""
	return a.with(member("MUG-BLU@east", "09:14", differs("available", "6", "9")), worth("40.5", "EUR"))
}

func mendedMany(authority registry.Authority) built {
	return mended(authority, "available").with(member("CAP-BLK@east", "09:20", differs("available", "2", "4")), nil)
}

// mendedPresence is about a record that one side does not have.
func mendedPresence(authority registry.Authority) built {
	a := orders(finding.Missing)
	a.Authority = authority
	return a.with(member("shopify-us/US1040", "11:45"), nil)
}

func authorities() map[string]sample {
	return map[string]sample{
		"fix_from": {"11:24", mended(registry.AuthorityFrom)}, "fix_to": {"11:24", mended(registry.AuthorityTo, "available")},
		"fix_to_unlike": {"11:24", mended(registry.AuthorityTo)}, "fix_nobody": {"11:24", mended(registry.AuthorityNobody)},
		"fix_from_many": {"11:24", mendedMany(registry.AuthorityFrom)}, "fix_nobody_many": {"11:24", mendedMany(registry.AuthorityNobody)},
		"fix_missing": {"14:45", mendedPresence(registry.AuthorityFrom)}, "fix_closed": {"12:10", resolve(mended(registry.AuthorityFrom), "12:00")},
	}
}
