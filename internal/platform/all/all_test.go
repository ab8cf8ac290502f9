package all

import (
	"cmp"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/platform"
)

func TestPlatformsAreInTheOrderOfTheirUniqueNames(t *testing.T) {
	byName := func(a, b platform.Platform) int { return cmp.Compare(a.Name, b.Name) }
	if all := Platforms(); !slices.IsSortedFunc(all, byName) {
		t.Error("the list is not in alphabetical order")
	} else if len(slices.CompactFunc(all, func(a, b platform.Platform) bool { return a.Name == b.Name })) != len(all) {
		t.Error("two platforms have one name")
	}
}

func TestPlatformsAreDescribed(t *testing.T) {
	name := regexp.MustCompile(`^[a-z][a-z0-9]*$`)
	for _, p := range Platforms() {
		if !name.MatchString(p.Name) || p.Title == "" || p.New == nil {
			t.Errorf("%q, %q: want a name of lower-case letters, a title and a constructor", p.Name, p.Title)
		}
	}
}

// Only what a merchant connects by itself can be anything.
func TestPlatformsHaveARole(t *testing.T) {
	for _, p := range Platforms() {
		if known := slices.Contains(platform.Roles(), p.Used()); known == (p.Name == "standard") || p.Storefront && p.Role != "" {
			t.Errorf("%s has the role %q, and storefront %v", p.Name, p.Role, p.Storefront)
		}
	}
}

func TestREADMEListsThePlatforms(t *testing.T) {
	text, err := os.ReadFile("../../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(text), "| platform |")
	table, _, _ = strings.Cut(table, "\n\n")
	var listed, known []string
	for _, row := range regexp.MustCompile("(?m)^\\| `([a-z0-9]+)` \\|").FindAllStringSubmatch(table, -1) {
		listed = append(listed, row[1])
	}
	for _, p := range Platforms() {
		known = append(known, p.Name)
	}
	if !slices.Equal(listed, known) {
		t.Errorf("README lists %v, the code knows %v", listed, known)
	}
}
