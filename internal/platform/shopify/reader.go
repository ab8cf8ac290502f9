package shopify

import (
	"strconv"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
)

// Limits of what one body may hold. Shopify's own are lower.
const (
	maxItems    = 500
	maxVariants = 2048
	maxText     = 512
	maxIDDigits = 20
)

// reader turns fields into values and remembers the first that cannot be read.
// After that its results mean nothing; the caller looks at problem at the end.
type reader struct {
	path    []step
	problem *platform.BodyError
}

type step struct {
	list  string
	index int
}

// enter makes the names that follow those of one element of a list.
func (r *reader) enter(list string, index int) { r.path = append(r.path, step{list, index}) }

func (r *reader) leave() { r.path = r.path[:len(r.path)-1] }

func (r *reader) fail(name, want string) {
	if r.problem != nil {
		return
	}
	var where strings.Builder
	for _, s := range r.path {
		where.WriteString(s.list + "[" + strconv.Itoa(s.index) + "].")
	}
	r.problem = &platform.BodyError{Where: where.String() + name, Want: want}
}

func (r *reader) limit(name string, n, most int) {
	if n > most {
		r.fail(name, "at most "+strconv.Itoa(most)+" of them")
	}
}

// text reads a value that must be a text.
func (r *reader) text(name string, f field) string {
	text, ok := f.Text()
	if !ok || len(text) > maxText {
		r.fail(name, "a text of at most 512 bytes")
	}
	return text
}

// optionalText reads a text, or "" where there is none.
func (r *reader) optionalText(name string, f field) string {
	if !f.Given() {
		return ""
	}
	return r.text(name, f)
}

func (r *reader) truth(name string, f field) bool {
	if len(f) == 0 || (f[0] != 't' && f[0] != 'f') {
		r.fail(name, "true or false")
		return false
	}
	return f[0] == 't'
}

// number reads a decimal out of a text or a number, digit by digit.
func (r *reader) number(name string, f field) commerce.Decimal {
	text := string(f)
	if len(f) > 0 && f[0] == '"' {
		text, _ = f.Text()
	}
	d, err := commerce.ParseDecimal(text)
	if err != nil {
		r.fail(name, "a decimal number of at most 19 digits")
	}
	return d
}

// units reads a whole number of pieces; the pieces of a body can be added up.
func (r *reader) units(name string, f field) int64 {
	n, err := strconv.ParseInt(string(f), 10, 32)
	if err != nil || n < 0 {
		r.fail(name, "an integer, 0 or greater")
	}
	return n
}

func (r *reader) sum(name string, a, b commerce.Decimal) commerce.Decimal {
	sum, err := a.Add(b)
	if err != nil {
		r.fail(name, "amounts whose sum has at most 19 digits")
	}
	return sum
}

// time reads an instant that can be stored as a clock.
func (r *reader) time(name string, f field) time.Time {
	text, _ := f.Text()
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil || at.Year() < 1970 || at.Year() > 2200 {
		r.fail(name, "a time as in RFC 3339, with an offset")
	}
	return at
}

// created reads created_at, or the zero time where there is none.
func (r *reader) created(f field) time.Time {
	if !f.Given() {
		return time.Time{}
	}
	return r.time("created_at", f)
}

// id reads an entity's own id: the global id's digits where there is one.
func (r *reader) id(entity string, n ref) string {
	if n.GID.Given() {
		return r.gid("admin_graphql_api_id", entity, n.GID)
	}
	return r.digits("id", n.ID)
}

// gid reads the digits out of gid://shopify/<entity>/<digits>. Another entity
// is another topic's body.
func (r *reader) gid(name, entity string, f field) string {
	text, _ := f.Text()
	digits, ok := strings.CutPrefix(text, "gid://shopify/"+entity+"/")
	if !ok || !isID(digits) {
		r.fail(name, "the global id of "+article(entity)+" "+entity)
	}
	return digits
}

// digits reads the digits of an id as they stand, whatever their size.
func (r *reader) digits(name string, f field) string {
	digits := string(f)
	if !isID(digits) {
		r.fail(name, "an id: an integer greater than 0")
	}
	return digits
}

func isID(digits string) bool {
	for i := range len(digits) {
		if digits[i] < '0' || digits[i] > '9' {
			return false
		}
	}
	return digits != "" && digits[0] != '0' && len(digits) <= maxIDDigits
}

func article(entity string) string {
	if strings.ContainsRune("AEIOU", rune(entity[0])) {
		return "an"
	}
	return "a"
}
