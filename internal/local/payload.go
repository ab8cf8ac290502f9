package local

import (
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/plumbline/plumbline/internal/contract"
)

// payloads cuts a batch where one invocation would be given too much.
func payloads(batch []types.Message) [][]types.Message {
	var all [][]types.Message
	for len(batch) > 0 {
		n, bytes := 1, size(batch[:1])
		for n < len(batch) && bytes+size(batch[n:n+1]) <= contract.MaxPayload {
			bytes += size(batch[n : n+1])
			n++
		}
		all, batch = append(all, batch[:n]), batch[n:]
	}
	return all
}

// size is what a batch adds to a payload, in bytes of bodies.
func size(batch []types.Message) int {
	n := 0
	for _, message := range batch {
		n += len(value(message.Body))
	}
	return n
}
