package main

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

//go:embed equivalent.json
var equivalentJSON []byte

// equivalents are the checks that can be removed without a difference to anybody
// outside, with the reason.
func equivalents() (map[string]string, error) {
	listed := map[string]string{}
	if err := json.Unmarshal(equivalentJSON, &listed); err != nil {
		return nil, fmt.Errorf("read the equivalent checks: %w", err)
	}
	return listed, nil
}

// judge says what is wrong: survivors that nobody explains, and explanations of
// nothing. Of a scope that is not whole, only the files that were looked at are
// judged.
func judge(survivors, checks []check, listed map[string]string, whole bool) []string {
	var problems []string
	survived, exists, files := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, c := range checks {
		exists[c.name] = true
		files[c.file] = true
	}
	for _, c := range survivors {
		survived[c.name] = true
		if listed[c.name] == "" {
			problems = append(problems, fmt.Sprintf("%s:%d: no test notices when it is removed: %s", c.file, c.line, c.name))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(listed)) {
		switch {
		case survived[name]:
		case exists[name]:
			problems = append(problems, "equivalent.json: a test notices when it is removed: "+name)
		case whole || files[fileOf(name)]:
			problems = append(problems, "equivalent.json: there is no such check: "+name)
		}
	}
	return problems
}

func fileOf(name string) string {
	file, _, _ := strings.Cut(name, " ")
	return file
}
