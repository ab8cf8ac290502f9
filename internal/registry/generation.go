package registry

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"maps"
	"slices"
	"strings"
)

// generation digests what the registry, its packs and the files beside it say.
// Comments, order of keys, quotes and layout do not change it.
func generation(root *node, packs map[string]*node, r *Registry) string {
	h := sha256.New()
	digest(h, root)
	for _, name := range slices.Sorted(maps.Keys(packs)) {
		part(h, "pack", name)
		digest(h, packs[name])
	}
	for _, name := range slices.Sorted(maps.Keys(r.Tables)) {
		part(h, "table", name)
		rows := r.Tables[name].Rows
		for _, key := range slices.Sorted(maps.Keys(rows)) {
			part(h, key, rows[key].String())
		}
	}
	r.Rates.digest(h)
	r.Kits.digest(h)
	r.digestExports(h)
	return hex.EncodeToString(h.Sum(nil))[:12]
}

func digest(h hash.Hash, n *node) {
	if n == nil {
		return
	}
	switch n.shape {
	case mapping:
		pairs := slices.Clone(n.pairs)
		slices.SortFunc(pairs, func(a, b pair) int { return strings.Compare(a.key.text, b.key.text) })
		part(h, "mapping", fmt.Sprint(len(pairs)))
		for _, p := range pairs {
			part(h, "key", p.key.text)
			digest(h, p.value)
		}
	case sequence:
		part(h, "list", fmt.Sprint(len(n.items)))
		for _, item := range n.items {
			digest(h, item)
		}
	default:
		part(h, "scalar", n.text)
	}
}

// part writes texts behind their lengths, so that no two contents read alike.
func part(h hash.Hash, texts ...string) {
	for _, t := range texts {
		fmt.Fprintf(h, "%d:%s", len(t), t)
	}
}
