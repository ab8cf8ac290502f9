package registry

import (
	"fmt"
	"strings"
)

// didYouMean names the word nearest to a mistyped one, or all words when none
// is near, as the end of a message.
func didYouMean(typed string, words []string) string {
	typed = strings.ToLower(typed)
	best, distance := "", max(1, (len(typed)+2)/3)+1
	for _, w := range words {
		d := editDistance(typed, strings.ToLower(w))
		if len(typed) > 2 && strings.HasPrefix(w, typed) {
			d = 1
		}
		if d < distance {
			best, distance = w, d
		}
	}
	switch {
	case best != "":
		return fmt.Sprintf("did you mean %q?", best)
	case len(words) == 0:
		return "there is none"
	default:
		return "want one of " + strings.Join(words, ", ")
	}
}

// editDistance counts the insertions, deletions and replacements between two
// words.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		corner := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replace := corner
			if a[i] != b[j] {
				replace++
			}
			corner = row[j+1]
			row[j+1] = min(replace, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
