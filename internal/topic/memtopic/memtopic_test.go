package memtopic_test

import (
	"testing"

	"github.com/plumbline/plumbline/internal/topic"
	"github.com/plumbline/plumbline/internal/topic/memtopic"
	"github.com/plumbline/plumbline/internal/topic/topictest"
)

func TestTopic(t *testing.T) {
	topictest.Run(t, func(*testing.T) (topic.Publisher, func() []topic.Message) {
		p := &memtopic.Topic{}
		return p, p.Messages
	})
}
