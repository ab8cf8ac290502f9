package load

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/cespare/xxhash/v2"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/contract"
)

// keySet are the hashes of keys, eight bytes each. Two keys of one hash can only
// hide that one of them is gone.
type keySet []uint64

func hashOf(id commerce.RecordID) uint64 { return xxhash.Sum64String(string(id)) }

func (k *keySet) add(id commerce.RecordID) { *k = append(*k, hashOf(id)) }

// has looks a hash up. The set is sorted.
func (k keySet) has(hash uint64) bool {
	_, found := slices.BinarySearch(k, hash)
	return found
}

func (k keySet) encode() []byte {
	out := make([]byte, 0, 8*len(k))
	for _, h := range k {
		out = binary.BigEndian.AppendUint64(out, h)
	}
	return out
}

func (k keySet) append(encoded []byte) (keySet, error) {
	if len(encoded)%8 != 0 {
		return k, fmt.Errorf("keys: %d bytes, want a multiple of 8", len(encoded))
	}
	for ; len(encoded) > 0; encoded = encoded[8:] {
		k = append(k, binary.BigEndian.Uint64(encoded))
	}
	return k, nil
}

func keysOf(load string, chunk int) string {
	return fmt.Sprintf("%s%s/keys-%06d", contract.LoadKeys, load, chunk)
}

// allKeys is the key of the whole set, sorted.
func allKeys(load string) string { return contract.LoadKeys + load + "/keys" }

// chunks are where the keys lie, part by part.
func (p progress) chunks() []string {
	if p.Sweep != nil {
		return p.Sweep.Chunks
	}
	var all []string
	for chunk := range p.Chunks {
		all = append(all, keysOf(p.Load, chunk))
	}
	return all
}

// gather puts the whole set together, each key once, and stores it.
func (s *Service) gather(ctx context.Context, p *progress) error {
	all := make(keySet, 0, p.Records)
	for _, chunk := range p.chunks() {
		part, err := s.Blobs.Get(ctx, chunk)
		if err == nil {
			all, err = all.append(part)
		}
		if err != nil {
			return fmt.Errorf("gather keys: %w", err)
		}
	}
	slices.Sort(all)
	all = slices.Compact(all)
	encoded := all.encode()
	sum := sha256.Sum256(encoded)
	p.Keys, p.KeysChecksum = len(all), hex.EncodeToString(sum[:])
	if err := s.Blobs.Put(ctx, allKeys(p.Load), encoded); err != nil {
		return fmt.Errorf("gather keys: %w", err)
	}
	return nil
}

// allRead is the whole set of what was read, that of the sweep before included where
// it counts too.
func (s *Service) allRead(ctx context.Context, p progress) (keySet, error) {
	all, err := s.keys(ctx, p.Load)
	if err != nil || p.Before == "" {
		return all, err
	}
	before, err := s.keys(ctx, p.Before)
	all = append(all, before...)
	slices.Sort(all)
	return all, err
}

// keys reads the whole set of a load.
func (s *Service) keys(ctx context.Context, load string) (keySet, error) {
	encoded, err := s.Blobs.Get(ctx, allKeys(load))
	if err != nil {
		return nil, fmt.Errorf("read keys: %w", err)
	}
	return make(keySet, 0, len(encoded)/8).append(encoded)
}
