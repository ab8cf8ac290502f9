package alert

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// commonExplanation is what most of the told differences are made of, where the
// sentences about them differ by their amounts: "9 of 12 explained by shipping".
// It is blank where no two have one explanation.
func (s story) commonExplanation() string {
	counts := map[string]int{}
	for _, m := range s.told {
		if by := mainDifference(m).By; by != "" {
			counts[by]++
		}
	}
	common := ""
	for _, by := range slices.Sorted(maps.Keys(counts)) {
		if counts[by] > counts[common] {
			common = by
		}
	}
	text := "explained by " + words(strings.ReplaceAll(common, "_current", ""))
	switch n := counts[common]; {
	case n < 2:
		return ""
	case n == s.count:
		return "all " + text
	default:
		return fmt.Sprintf("%d of %d %s", n, s.count, text)
	}
}
