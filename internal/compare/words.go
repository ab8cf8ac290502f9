package compare

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// KeyText writes a key for people, as its kind writes keys.
func (p Plan) KeyText(key string) string {
	parts := strings.Split(key, KeySeparator)
	if n := len(parts) - 1; n > 0 && parts[n] == everywhere {
		return strings.Join(parts[:n], " / ")
	}
	if len(parts) > 1 && parts[0] == anyStore && slices.Contains(p.Kind.KeyParts(), "store") {
		return strings.Join(parts[1:], "/")
	}
	if len(p.Kind.KeyParts()) == len(parts) {
		return commerce.Key(parts).Text(p.Kind)
	}
	return strings.Join(parts, " / ")
}

// everywhere is the location of stock that is counted for all locations together.
const everywhere = "*"

// anyStore is the store of orders where nothing tells of several.
const anyStore = "web"

// maxLines is how many lines of a duplicate are named.
const maxLines = 5

func linesText(rows []kept) string {
	var numbers []string
	for i, k := range rows {
		if i == maxLines {
			numbers = append(numbers, fmt.Sprintf("%d more", len(rows)-maxLines))
			break
		}
		numbers = append(numbers, fmt.Sprint(k.about.Line))
	}
	last := len(numbers) - 1
	return "lines " + strings.Join(numbers[:last], ", ") + " and " + numbers[last]
}

func (r *Rejected) reason() string {
	if r.Name == "" {
		return "want " + r.Want
	}
	return fmt.Sprintf("column %q: want %s", r.Name, r.Want)
}

func timeText(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

// keyParts are the first two parts of a key.
func keyParts(key string) (first, second string) {
	first, second, _ = strings.Cut(key, KeySeparator)
	second, _, _ = strings.Cut(second, KeySeparator)
	return first, second
}

// count writes a number of things: "1 order", "2 orders".
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return Number(n) + " " + thing + "s"
}

// Number writes a count with marks between thousands.
func Number(n int) string {
	digits := fmt.Sprint(n)
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
