package shape

import (
	"embed"
	"encoding/json"
	"io/fs"
	"path"
	"strings"
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

// all reads the files once. One that cannot be read says nothing; a test holds
// that each can.
var all = sync.OnceValue(func() map[string]map[string]Shape {
	read := map[string]map[string]Shape{}
	names, err := fs.Glob(files, "read/*.json")
	if err != nil {
		return read
	}
	for _, name := range names {
		var topics map[string]Shape
		if text, err := files.ReadFile(name); err == nil && json.Unmarshal(text, &topics) == nil {
			read[strings.TrimSuffix(path.Base(name), ".json")] = topics
		}
	}
	return read
})
