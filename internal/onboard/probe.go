package onboard

import (
	"fmt"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/registry"
)

// answers are those that the registry's own check knows right from wrong.
type answers struct {
	system, platform, zone, currency string
	team, channel, deputy, breaks    string
	kits, buffer, columns            string
	settle, when                     string
}

// fault is what the registry's check says of an answer, or blank. Only a problem
// with the text counts.
func (i *interview) fault(a answers, about string) string {
	text := a.registry()
	_, problems := registry.Parse("the answer", []byte(text), i.Read, i.Platforms, time.Time{})
	for _, p := range problems {
		if !strings.Contains(p.Message, about) {
			continue
		}
		for _, prefix := range []string{"systems.probed: ", "systems.probed.", "integrations.probed: ", "integrations.probed."} {
			p.Message = strings.TrimPrefix(p.Message, prefix)
		}
		if p.File == "the answer" {
			return p.Message
		}
		return p.String()
	}
	return ""
}

// registry is the smallest registry with the answers.
func (a answers) registry() string {
	or := func(text, otherwise string) string {
		if text == "" {
			return otherwise
		}
		return quoted(text)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "systems:\n  %s: {platform: %s, secrets: [\"env:A\"], timezone: %s, currency: %s}\n",
		or(a.system, "probed"), or(a.platform, freePlatform), or(a.zone, "UTC"), or(a.currency, "USD"))
	fmt.Fprintf(&b, "  probed-to: {platform: %s, secrets: [\"env:A\"]}\n", freePlatform)
	if a.kits != "" {
		fmt.Fprintf(&b, "kits: {file: %s, systems: [probed-to]}\n", quoted(a.kits))
	}
	if a.buffer != "" {
		fmt.Fprintf(&b, "tables: {buffer: {file: %s, key: [%s], default: 0}}\n", quoted(a.buffer), a.columns)
	}
	fmt.Fprintf(&b, "integrations:\n  probed:\n    purpose: probed\n    owner: {team: %s, slack: %s}\n    deputy: %s\n",
		or(a.team, "probed"), or(a.channel, `"#probed"`), deputyOf(a.deputy))
	fmt.Fprintf(&b, "    runbook: builtin\n    on_failure: %s\n    from: %s\n    to: probed-to\n", or(a.breaks, "probed"), or(a.system, "probed"))
	fmt.Fprintf(&b, "    rules: [{id: probed, kind: inventory, expect: {on_hand: from.on_hand}, settle: %s, when: %s}]\n", or(a.settle, "1h"), or(a.when, `"true"`))
	return b.String()
}
