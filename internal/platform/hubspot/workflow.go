package hubspot

import (
	"github.com/plumbline/plumbline/internal/platform/body"
)

// workflow reads the object that a workflow sends. It is fetched instead when it
// lacks a property that is read, or the time of its last change.
func (n *normaliser) workflow() {
	var w struct {
		Portal     body.Field            `json:"portalId"`
		Type       body.Field            `json:"objectType"`
		TypeNumber body.Field            `json:"objectTypeId"`
		Object     body.Field            `json:"objectId"`
		Properties map[string]body.Field `json:"properties"`
	}
	n.open(n.delivery.Body, &w)
	portal, id := n.ID("portalId", w.Portal), n.ID("objectId", w.Object)
	title, number := n.OptionalText("objectType", w.Type), n.OptionalText("objectTypeId", w.TypeNumber)
	if portal != n.portal {
		n.skip("event of another portal")
		return
	}
	s := n.find(func(s *set) bool { return s.title == title || s.number == number })
	if s == nil {
		n.skip("event about objects that are not read")
		return
	}
	o := object{id: id, properties: map[string]body.Field{}}
	for _, name := range append(s.properties(n.endpoint), s.modified) {
		value := n.sent(name, w.Properties[name])
		if value.Absent() {
			n.want(s, id)
			return
		}
		o.properties[name] = value
	}
	s.read(n, o, n.millis("properties."+s.modified+".value", o.properties[s.modified]))
}

// sent is the value of a property, which stands there with its history.
func (n *normaliser) sent(name string, f body.Field) body.Field {
	if !f.Given() {
		return nil
	}
	var p struct {
		Value body.Field `json:"value"`
	}
	n.Inside("properties")
	n.Inside(name)
	n.open(f, &p)
	n.Leave()
	n.Leave()
	return p.Value
}
