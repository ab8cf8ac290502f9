package registry

import "slices"

func (c *checker) integration(name string, y yamlIntegration) Integration {
	owner, deputy := c.owners(name, y)
	c.placeholders(name, y)
	i := Integration{
		Name: name, Purpose: y.Purpose.text(), Owner: owner, Deputy: deputy,
		Runbook: y.Runbook.text(), OnFailure: y.OnFailure.text(), Escalate: c.escalation(y.Escalate), Objectives: c.objectives(name, y.Objectives),
		From: c.knownSystem(y.From.origin), To: c.knownSystem(y.To.origin),
	}
	if i.From != "" && i.From == i.To {
		c.errors.add(y.To.at(), "integrations.%s: from and to are the same system, want two", name)
	}
	for _, m := range c.merged(name, y) {
		i.Rules = append(i.Rules, c.rule(i, m))
	}
	if y.given() && len(i.Rules) == 0 && !y.node.has("rules") && !y.node.has("uses") {
		c.warnings.add(y.named(), "integrations.%s has no rules, so nothing is compared; want uses or rules", name)
	}
	return i
}

// mergedRule is a rule as the integration has it: a starter rule, an own one,
// or a starter rule with own fields.
type mergedRule struct {
	yamlRule
	// uses is where the integration names the pack, for problems of starter
	// rules in their new surroundings. Its file is blank for own rules.
	uses place
}

// merged lists the starter rules in the order of the packs, each overridden by
// the own rule of the same id, then the other own rules.
func (c *checker) merged(name string, y yamlIntegration) []mergedRule {
	var rules []mergedRule
	seen := map[string]string{}
	for _, use := range y.Uses {
		if !use.given() {
			continue
		}
		pack, root := readPack(use.text(), &c.errors)
		c.packs[use.text()] = root
		for _, r := range pack.Rules {
			if other, twice := seen[r.ID.text()]; twice {
				c.errors.add(use.at(), "integrations.%s: %s and %s both have the rule %s, want one of them", name, other, use.text(), r.ID.text())
				continue
			}
			seen[r.ID.text()] = use.text()
			rules = append(rules, mergedRule{r, use.at()})
		}
	}
	starters := len(rules)
	own := map[string]bool{}
	for _, r := range y.Rules {
		id := r.ID.text()
		if !r.ID.given() {
			continue
		}
		if own[id] {
			c.errors.add(r.ID.at(), "integrations.%s: two rules have the id %s, want another id", name, id)
			continue
		}
		own[id] = true
		i := slices.IndexFunc(rules[:starters], func(m mergedRule) bool { return m.ID.text() == id })
		if i < 0 {
			rules = append(rules, mergedRule{yamlRule: r})
			continue
		}
		rules[i].yamlRule = override(rules[i].yamlRule, r)
	}
	return rules
}

// override returns a starter rule with the fields that the own rule gives.
func override(starter, own yamlRule) yamlRule {
	r := own
	r.Kind = either(own.Kind, starter.Kind)
	r.From = either(own.From, starter.From)
	r.To = either(own.To, starter.To)
	r.When = either(own.When, starter.When)
	r.Check = either(own.Check, starter.Check)
	r.Settle = either(own.Settle, starter.Settle)
	if !own.Settle.given() {
		r.Learn = either(own.Learn, starter.Learn)
	}
	r.Impact = either(own.Impact, starter.Impact)
	r.Severity = either(own.Severity, starter.Severity)
	r.Mode = either(own.Mode, starter.Mode)
	r.FirstCheck = either(own.FirstCheck, starter.FirstCheck)
	r.Holds = either(own.Holds, starter.Holds)
	r.Count = either(own.Count, starter.Count)
	r.Closes = either(own.Closes, starter.Closes)
	r.Valid = either(own.Valid, starter.Valid)
	r.Authority = either(own.Authority, starter.Authority)
	if own.SeverityOver == nil {
		r.SeverityOver = starter.SeverityOver
	}
	if own.AlertOver == nil {
		r.AlertOver = starter.AlertOver
	}
	if own.Terms == nil {
		r.Terms = starter.Terms
	}
	if own.By == nil {
		r.By = starter.By
	}
	if own.Sum == nil {
		r.Sum = starter.Sum
	}
	if own.Segment == nil {
		r.Segment = starter.Segment
	}
	if own.Expect == nil {
		r.Expect = starter.Expect
	}
	if own.Routes == nil {
		r.Routes = starter.Routes
	}
	if own.TaxRates == nil {
		r.TaxRates = starter.TaxRates
	}
	if own.ExplainedBy == nil {
		r.ExplainedBy = starter.ExplainedBy
	}
	if own.Within == nil {
		r.Within = map[facetKey]formulaOf{}
		for facet, within := range starter.Within {
			if _, still := r.Expect[facet]; still {
				r.Within[facet] = within
			}
		}
	}
	return r
}

func either[T interface{ given() bool }](own, starter T) T {
	if own.given() {
		return own
	}
	return starter
}
