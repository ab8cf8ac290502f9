package receive

import "strings"

// maxPlain is the longest topic or delivery id that is kept.
const maxPlain = 200

// plain is a topic or delivery id as it may go into rows, logs and alerts, or
// blank. Senders sign neither, and what is no name of a machine may be anything,
// such as an e-mail address.
func plain(text string) string {
	odd := func(r rune) bool {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		return !letter && (r < '0' || r > '9') && !strings.ContainsRune("._-/:|+=~", r)
	}
	if len(text) > maxPlain || strings.IndexFunc(text, odd) >= 0 {
		return ""
	}
	return text
}
