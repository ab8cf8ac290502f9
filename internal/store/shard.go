package store

import (
	"hash/fnv"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/contract"
)

// Shards is the number of parts in which due rows are listed, so that a burst
// of them is not one hot partition.
const Shards = contract.Shards

// ShardOf returns the shard in which the row is listed when it is due, 0 to
// Shards-1. It never changes for an id.
func ShardOf(id commerce.RecordID) int {
	h := fnv.New32a()
	h.Write([]byte(id))
	return int(h.Sum32() % Shards)
}
