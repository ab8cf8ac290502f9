package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// verify is where verifying begins.
const verify = ".Verify"

// scope is what is mutated: verifiers, and what they have in common.
type scope struct {
	// root is the folder of the module; all others are relative to it.
	root string
	// dirs have a verifier each: a method Verify.
	dirs []string
	// shared are verified with by several of them. Functions there whose
	// names begin with Verify are verifiers too.
	shared []string
}

// source is one package's sources without its tests.
type source struct {
	dir   string
	files map[string]*ast.File
	text  map[string][]byte
	// funcs are the functions by name, and the methods by ".name": a call is
	// followed to all that it may lead to.
	funcs map[string][]function
}

type function struct {
	file string
	decl *ast.FuncDecl
	// imports are the shared folders by the names that the file has for them.
	imports map[string]string
}

func (s scope) parse(set *token.FileSet, dir string) (*source, error) {
	paths, err := filepath.Glob(filepath.Join(s.root, dir, "*.go"))
	if err != nil {
		return nil, err
	}
	src := &source{dir: dir, files: map[string]*ast.File{}, text: map[string][]byte{}, funcs: map[string][]function{}}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		if src.text[path], err = os.ReadFile(path); err != nil {
			return nil, err
		}
		if src.files[path], err = parser.ParseFile(set, path, src.text[path], parser.SkipObjectResolution); err != nil {
			return nil, err
		}
		src.add(path, src.files[path], s.shared)
	}
	return src, nil
}

func (src *source) add(name string, file *ast.File, shared []string) {
	imports := map[string]string{}
	for _, i := range file.Imports {
		imported := strings.Trim(i.Path.Value, `"`)
		for _, dir := range shared {
			if strings.HasSuffix(imported, "/"+filepath.ToSlash(dir)) {
				imports[path.Base(imported)] = dir
			}
		}
	}
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Body != nil {
			called := f.Name.Name
			if f.Recv != nil {
				called = "." + called
			}
			src.funcs[called] = append(src.funcs[called], function{file: name, decl: f, imports: imports})
		}
	}
}

// reached are the functions that verifiers run through, by folder and name, each
// with the folders of the verifiers that come there.
type reached map[[2]string][]string

// reach follows the verifiers.
func (s scope) reach(sources map[string]*source) (reached, error) {
	r := reached{}
	for _, dir := range s.dirs {
		if len(sources[dir].funcs[verify]) == 0 {
			return nil, fmt.Errorf("%s: no method Verify", dir)
		}
		r.follow(sources, dir, dir, verify)
	}
	for _, dir := range s.shared {
		for name := range sources[dir].funcs {
			if strings.HasPrefix(strings.TrimPrefix(name, "."), "Verify") {
				r.follow(sources, dir, dir, name)
			}
		}
	}
	return r, nil
}

func (r reached) follow(sources map[string]*source, from, dir, name string) {
	key := [2]string{dir, name}
	if slices.Contains(r[key], from) {
		return
	}
	r[key] = append(r[key], from)
	for _, f := range sources[dir].funcs[name] {
		ast.Inspect(f.decl.Body, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				if x, ok := n.X.(*ast.Ident); ok && f.imports[x.Name] != "" {
					r.follow(sources, from, f.imports[x.Name], n.Sel.Name)
					return false
				}
				r.call(sources, from, dir, "."+n.Sel.Name)
			case *ast.Ident:
				r.call(sources, from, dir, n.Name)
			}
			return true
		})
	}
}

func (r reached) call(sources map[string]*source, from, dir, name string) {
	if len(sources[dir].funcs[name]) > 0 {
		r.follow(sources, from, dir, name)
	}
}
