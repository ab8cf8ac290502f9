package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// variable says to the tests which check is left out.
const variable = "PLUMBLINE_MUTATION"

// helpers are what rewritten sources call.
const helpers = `package %s

import (
	"encoding/base64"
	"os"
	"strconv"
)

var mutation, _ = strconv.Atoi(os.Getenv("` + variable + `"))

func mutated(id int) bool { return mutation == id }

func bit(id int) int {
	if mutated(id) {
		return 1
	}
	return 0
}

func unless(id int, err error) error {
	if mutated(id) {
		return nil
	}
	return err
}

func lenient(id int, e *base64.Encoding) interface{ Strict() *base64.Encoding } {
	return lax{e, mutated(id)}
}

type lax struct {
	encoding *base64.Encoding
	mutated  bool
}

func (l lax) Strict() *base64.Encoding {
	if l.mutated {
		return l.encoding
	}
	return l.encoding.Strict()
}

var _ = []any{mutated, bit, unless, lenient}
`

// removable finds every check, and writes an overlay of the sources below work in
// which each can be left out by its number.
func (s scope) removable(work string) (overlay string, checks []check, err error) {
	set, sources := token.NewFileSet(), map[string]*source{}
	for _, dir := range slices.Concat(s.dirs, s.shared) {
		if sources[dir], err = s.parse(set, dir); err != nil {
			return "", nil, err
		}
	}
	reached, err := s.reach(sources)
	if err != nil {
		return "", nil, err
	}
	replaced := map[string]string{}
	for _, dir := range slices.Sorted(maps.Keys(sources)) {
		found, err := s.rewrite(set, sources[dir], reached, len(checks), work, replaced)
		if err != nil {
			return "", nil, err
		}
		checks = append(checks, found...)
	}
	text, err := json.Marshal(map[string]any{"Replace": replaced})
	if err != nil {
		return "", nil, err
	}
	overlay = filepath.Join(work, "overlay.json")
	return overlay, checks, os.WriteFile(overlay, text, 0o600)
}

// rewrite notes in replaced where the rewritten sources of one package lie.
func (s scope) rewrite(set *token.FileSet, src *source, reached reached, id int, work string, replaced map[string]string) ([]check, error) {
	var checks []check
	put := func(path string, text []byte) error {
		at := filepath.Join(work, fmt.Sprintf("%d.go", len(replaced)))
		source, err := filepath.Abs(path)
		replaced[source] = at
		return cmp.Or(err, os.WriteFile(at, text, 0o600))
	}
	wraps, seen := map[string][]wrap{}, map[string]int{}
	for _, name := range slices.Sorted(maps.Keys(src.funcs)) {
		from := reached[[2]string{src.dir, name}]
		if from == nil {
			continue
		}
		for _, fn := range src.funcs[name] {
			f := finder{
				set: set, root: s.root, src: src, fn: fn, from: from, seen: seen, inner: map[ast.Expr]bool{},
				next: func() int { id++; return id },
			}
			f.find(fn.decl.Type.Results, fn.decl.Body)
			checks = append(checks, f.checks...)
			wraps[fn.file] = append(wraps[fn.file], f.wraps...)
		}
	}
	for file, around := range wraps {
		if err := put(file, apply(src.text[file], around)); err != nil {
			return nil, err
		}
	}
	if len(checks) == 0 {
		return nil, nil
	}
	return checks, put(filepath.Join(s.root, src.dir, "mutation_helpers.go"), fmt.Appendf(nil, helpers, packageName(src.files)))
}

func packageName(files map[string]*ast.File) string {
	for _, f := range files {
		return f.Name.Name
	}
	return ""
}

// apply puts the wraps around their parts of a text. They nest, outer ones first.
func apply(text []byte, wraps []wrap) []byte {
	type insert struct {
		at, order int
		text      string
	}
	var inserts []insert
	for i, w := range wraps {
		// At one place, what ends comes before what begins, and inner ends first.
		inserts = append(inserts, insert{w.end, -i - 1, w.behind}, insert{w.start, i, w.before})
	}
	slices.SortStableFunc(inserts, func(a, b insert) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.order, b.order)) })
	var out []byte
	done := 0
	for _, i := range inserts {
		out = append(append(out, text[done:i.at]...), i.text...)
		done = i.at
	}
	return append(out, text[done:]...)
}
