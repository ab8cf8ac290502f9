package hubspot

import (
	"strconv"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/lazyregexp"
)

const (
	// batchSize is how many objects one call reads at most.
	batchSize = 100
	// searchable is how many objects a search shows at most.
	searchable = 10_000
	// sinceSuffix ends the topics of searches.
	sinceSuffix = "/since"
)

// target is what is asked for: objects by their ids, or those that changed since
// a time.
type target struct {
	set *set
	ids []string
	// at is the time at which the object was restored, or zero.
	at time.Time
	// since is the time of a search, and after how many results are left out.
	since time.Time
	after int
}

var (
	byID    = lazyregexp.New(`^(\w+)/([1-9]\d{0,19}(?:,[1-9]\d{0,19})*)(?:@(\d{12,13}))?$`)
	bySince = lazyregexp.New(`^(\w+)/since/(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z)(?:/(\d{1,5}))?$`)
)

func (t target) text() string {
	text := t.set.name + "/" + strings.Join(t.ids, ",")
	switch {
	case len(t.ids) == 0:
		text = t.set.name + sinceSuffix + "/" + t.since.UTC().Format(time.RFC3339)
		if t.after > 0 {
			text += "/" + strconv.Itoa(t.after)
		}
	case !t.at.IsZero():
		text += "@" + strconv.FormatInt(t.at.UnixMilli(), 10)
	}
	return text
}

// readTarget reads what text wrote.
func readTarget(text string) (target, bool) {
	var t target
	var err error
	groups := byID.FindStringSubmatch(text)
	if groups != nil {
		t.ids = strings.Split(groups[2], ",")
		if groups[3] != "" {
			millis, _ := strconv.ParseInt(groups[3], 10, 64)
			t.at = time.UnixMilli(millis).UTC()
		}
	} else if groups = bySince.FindStringSubmatch(text); groups != nil {
		t.since, err = time.Parse(time.RFC3339, groups[2])
		t.after, _ = strconv.Atoi(groups[3])
	}
	if groups == nil || err != nil {
		return target{}, false
	}
	for _, s := range sets {
		if s.name == groups[1] {
			t.set = s
		}
	}
	return t, t.set != nil && len(t.ids) <= batchSize
}
