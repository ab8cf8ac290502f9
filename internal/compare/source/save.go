package source

import (
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/compare"
)

// ErrNoKind means that a registry cannot be written of files that hold no kind of
// record.
var ErrNoKind = errors.New("a registry needs to know what the records are: say --kind, and --map COLUMN=FACET for columns of other names")

// Owner is who answers for the integration of a registry that is written. Blank
// fields are placeholders, marked to be changed.
type Owner struct{ Team, Slack string }

const change = "  # change this"

// Registry writes the registry that a comparison starts with: two systems, how
// their exports are read, and one integration whose rule watches what was compared.
// Beside it are the files that it names, by their names.
func (p Pair) Registry(o Owner) (registry []byte, beside map[string][]byte, err error) {
	if p.Plan.Kind == "" {
		return nil, nil, ErrNoKind
	}
	names := p.Systems()
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	say("# Written by plumbline compare of %s and %s.", filepath.Base(p.Readings[0].Path), filepath.Base(p.Readings[1].Path))
	say("# Lines marked \"change this\" are placeholders. plumbline check says what is missing.")
	say("systems:")
	beside = map[string][]byte{}
	for side, r := range p.Readings {
		say("  %s:", names[side])
		say("    platform: standard%s", platformHint(r.Mapping.Platform))
		say("    secrets: [\"env:PLUMBLINE_%s\"]  # what signs its webhooks, once it sends them", strings.ToUpper(strings.ReplaceAll(names[side], "-", "_")))
		if slices.Contains(p.Plan.Kind.KeyParts(), "store") {
			say("    order_number: {match: '^#?(.+)$', store: %s}  # whose web orders these are%s", names[0], unless(side == 0, ": change this where it is not so"))
		}
		if r.Mapping.Preset != "" && r.Mapping.Group == "" {
			say("    exports: {%s: {preset: %s}}", p.Plan.Kind, r.Mapping.Preset)
			continue
		}
		file := names[side] + "-" + string(p.Plan.Kind) + ".yaml"
		if beside[file], err = yaml.Marshal(r.Mapping); err != nil {
			return nil, nil, fmt.Errorf("write the mapping of %s: %w", r.Path, err)
		}
		say("    exports: {%s: {mapping: %s}}", p.Plan.Kind, file)
	}
	say("integrations:")
	say("  %s-to-%s:", names[0], names[1])
	say("    purpose: %s shows what %s has%s", names[1], names[0], change)
	say("    owner: {team: %s, slack: %q}%s", orText(o.Team, "owner-to-be-named"), orText(o.Slack, "#owner-to-be-named"), unless(o.Team != "" && o.Slack != "", change))
	say("    deputy: {team: deputy-to-be-named, slack: \"#deputy-to-be-named\"}%s", change)
	say("    runbook: builtin")
	say("    on_failure: To be written by the owner.%s", change)
	say("    from: %s", names[0])
	say("    to: %s", names[1])
	say("    rules:")
	say("      - id: %s", p.Plan.Kind)
	say("        kind: %s", p.Plan.Kind)
	say("        mode: watch")
	say("        settle: 24h")
	p.rule(say)
	return []byte(b.String()), beside, nil
}

// rule says what is expected.
func (p Pair) rule(say func(string, ...any)) {
	say("        expect:")
	var within []string
	for _, f := range p.Plan.Facets {
		if _, known := p.Plan.Kind.FacetOf(f.Name); !known || f.Hidden {
			continue
		}
		say("          %s: from.%s", f.Name, f.Name)
		if !f.Within.IsZero() {
			within = append(within, fmt.Sprintf("          %s: %s", f.Name, formulaOf(f)))
		}
	}
	if len(within) > 0 {
		say("        within:\n%s", strings.Join(within, "\n"))
	}
}

// formulaOf is a tolerance as rules write it.
func formulaOf(f compare.Facet) string {
	switch t := f.Within; {
	case t.Percent.Sign() != 0:
		share, err := t.Percent.Mul(commerce.MustDecimal("0.01"))
		if err != nil {
			share = t.Percent
		}
		return fmt.Sprintf("abs(from.%s) * %s", f.Name, share)
	case t.PerLine:
		return fmt.Sprintf("%s * from.lines", t.Amount)
	default:
		return t.Amount.String()
	}
}

func platformHint(platform string) string {
	if platform == "" {
		return ""
	}
	return "  # " + platform + ", once its webhooks are connected"
}

func orText(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

func unless(is bool, text string) string {
	if is {
		return ""
	}
	return text
}

var notName = regexp.MustCompile(`[^a-z0-9]+`)

// Systems are names for the systems of both files: of their platforms, else of the
// files.
func (p Pair) Systems() [2]string {
	var names [2]string
	for side, r := range p.Readings {
		base := filepath.Base(r.Path)
		name := orText(r.Mapping.Platform, strings.TrimSuffix(base, filepath.Ext(base)))
		name = strings.Trim(notName.ReplaceAllString(strings.ToLower(name), "-"), "-")
		if name == "" || name[0] >= '0' && name[0] <= '9' {
			name = strings.Trim(compare.Side(side).String()+"-"+name, "-")
		}
		names[side] = name[:min(len(name), 30)]
	}
	if names[0] == names[1] {
		names[1] += "-2"
	}
	return names
}
