package square

import (
	"strconv"
	"time"

	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform"
)

// The sets that are asked for, which are also the topics of their answers: one
// order, what was changed of orders, catalogue and counts, and the subscriptions.
const (
	orderSet        = "order"
	ordersSet       = "orders"
	catalogSet      = "catalog"
	countsSet       = "counts"
	subscriptionSet = "subscriptions"
)

// everything stands for a time before all changes.
const everything = "all"

// target is what is asked for.
type target struct {
	set string
	// id is that of one order.
	id string
	// since is the time after which changes are listed, or zero for everything.
	since time.Time
	// group is which of the groups of locations an orders' list is about.
	group int
	// cursor is where the next page begins, or blank for the first.
	cursor string
}

const (
	idPattern     = `[A-Za-z0-9_-]{1,192}`
	cursorPattern = `[A-Za-z0-9+/=_.:|~-]{1,1000}`
)

var (
	nativeID = lazyregexp.New(`^` + idPattern + `$`)
	cursor   = lazyregexp.New(`^` + cursorPattern + `$`)
	ofOrder  = lazyregexp.New(`^order/(` + idPattern + `)$`)
	ofList   = lazyregexp.New(`^(orders|catalog|counts|subscriptions)/(all|\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z)/(\d{1,2})(?:/(` + cursorPattern + `))?$`)
)

func (t target) text() string {
	if t.set == orderSet {
		return t.set + "/" + t.id
	}
	since := everything
	if !t.since.IsZero() {
		since = t.since.UTC().Format(time.RFC3339)
	}
	text := t.set + "/" + since + "/" + strconv.Itoa(t.group)
	if t.cursor != "" {
		text += "/" + t.cursor
	}
	return text
}

// fetch asks for the target.
func (t target) fetch() platform.Fetch { return platform.Fetch{Topic: t.set, Target: t.text()} }

// readTarget reads what text wrote.
func readTarget(text string) (target, bool) {
	if groups := ofOrder.FindStringSubmatch(text); groups != nil {
		return target{set: orderSet, id: groups[1]}, true
	}
	groups := ofList.FindStringSubmatch(text)
	if groups == nil {
		return target{}, false
	}
	t := target{set: groups[1], cursor: groups[4]}
	t.group, _ = strconv.Atoi(groups[3])
	if groups[2] == everything {
		return t, true
	}
	var err error
	t.since, err = time.Parse(time.RFC3339, groups[2])
	return t, err == nil
}
