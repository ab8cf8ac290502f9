package registry

import (
	"embed"
	"io/fs"
	"reflect"
	"strings"
)

// starter holds the packs, one file each.
//
//go:embed starter/*.yaml
var starter embed.FS

// packPrefix is how the registry names packs, and where their files are.
const packPrefix = "starter/"

// Packs lists the starter packs as a registry names them, in alphabetical
// order.
func Packs() []string {
	files, err := fs.Glob(starter, packPrefix+"*.yaml")
	if err != nil {
		return nil
	}
	for i, f := range files {
		files[i] = strings.TrimSuffix(f, ".yaml")
	}
	return files
}

// readPack reads a pack that Packs lists. The node is the pack's whole content.
func readPack(name string, p *problems) (yamlPack, *node) {
	var pack yamlPack
	file := name + ".yaml"
	content, err := starter.ReadFile(file)
	if err != nil {
		p.add(place{file: file}, "cannot be read, want one of %s", strings.Join(Packs(), ", "))
		return pack, nil
	}
	root := readYAML(file, content, p)
	if root != nil {
		d := decoder{problems: p}
		d.decode(root, nil, reflect.ValueOf(&pack).Elem(), "")
	}
	return pack, root
}
