package shape

import (
	"embed"
	"encoding/json"
	"fmt"
	"sync"
)

// files say for each platform what is read of it: path and types by topic, as
// its samples show it.
//
//go:embed read/*.json
var files embed.FS

// Read is what is read of a platform's deliveries, by topic: a shape of the read
// paths alone. Nil for a platform of which nothing is known.
func Read(platform string) map[string]Shape { return all()[platform] }

var all = sync.OnceValue(func() map[string]map[string]Shape {
	entries, err := files.ReadDir("read")
	if err != nil {
		panic(err) // they are in the binary
	}
	read := map[string]map[string]Shape{}
	for _, e := range entries {
		text, err := files.ReadFile("read/" + e.Name())
		var topics map[string]Shape
		if err == nil {
			err = json.Unmarshal(text, &topics)
		}
		if err != nil {
			panic(fmt.Sprintf("shape: %s: %v", e.Name(), err)) // the suite wrote it
		}
		read[e.Name()[:len(e.Name())-len(".json")]] = topics
	}
	return read
})
