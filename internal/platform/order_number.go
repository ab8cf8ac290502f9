package platform

import "strings"

// Read returns the registry's store and the shared number of an order, or
// false when the text is no web order of a known store. The store argument is
// what the record itself calls its store, or blank.
func (o OrderNumber) Read(store, text string) (system, number string, ok bool) {
	system = o.Store
	if mapped, found := o.Stores[store]; found {
		system = mapped
	} else if store != "" && len(o.Stores) > 0 {
		return "", "", false
	}
	if o.Match == nil {
		number = strings.TrimPrefix(strings.TrimSpace(text), "#")
		return system, number, system != "" && number != ""
	}
	groups := o.Match.FindStringSubmatch(text)
	if groups == nil {
		return "", "", false
	}
	number = groups[0]
	if len(groups) > 1 {
		number = groups[1]
	}
	return system, number, system != "" && number != ""
}
