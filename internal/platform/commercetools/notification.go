package commercetools

import (
	"github.com/plumbline/plumbline/internal/platform/body"
)

// The kinds of notifications.
const (
	aMessage = "Message"
	created  = "ResourceCreated"
	updated  = "ResourceUpdated"
	deleted  = "ResourceDeleted"
)

// notification is what a subscription delivers: a message with its content, or a
// change of a resource.
type notification struct {
	Kind     body.Field `json:"notificationType"`
	Project  body.Field `json:"projectKey"`
	ID       body.Field `json:"id"`
	Type     body.Field `json:"type"`
	Resource struct {
		Type body.Field `json:"typeId"`
		ID   body.Field `json:"id"`
	} `json:"resource"`
	// Version is a change's version of the resource; of a message it is the
	// message's own, and ResourceVersion the resource's.
	Version         body.Field `json:"version"`
	ResourceVersion body.Field `json:"resourceVersion"`
	Sequence        body.Field `json:"sequenceNumber"`
	Erasure         body.Field `json:"dataErasure"`
	Left            body.Field `json:"payloadNotIncluded"`

	// What messages carry.
	Staged     body.Field `json:"staged"`
	Order      body.Field `json:"order"`
	Product    body.Field `json:"productProjection"`
	Variant    body.Field `json:"variant"`
	Entry      body.Field `json:"inventoryEntry"`
	Payment    body.Field `json:"payment"`
	Customer   body.Field `json:"customer"`
	Parcel     body.Field `json:"parcel"`
	Delivery   body.Field `json:"delivery"`
	SKU        body.Field `json:"sku"`
	Channel    body.Field `json:"supplyChannel"`
	OnHand     body.Field `json:"newQuantityOnStock"`
	Available  body.Field `json:"newAvailableQuantity"`
	cloudEvent string
}

// open reads a notification in either format.
func open(raw []byte) (notification, error) {
	var cloud struct {
		Version body.Field `json:"specversion"`
		ID      body.Field `json:"id"`
		Data    body.Field `json:"data"`
	}
	var n notification
	if err := body.Decode(raw, &cloud); err != nil {
		return n, err
	}
	if !cloud.Version.Given() {
		return n, body.Decode(raw, &n)
	}
	var r body.Reader
	if !cloud.Data.Given() {
		r.Fail("data", "the notification")
		return n, r.Problem()
	}
	err := body.Decode(cloud.Data, &n)
	n.cloudEvent, _ = cloud.ID.Text()
	return n, err
}

// topic is the resource's type and what happened to it:
// "inventory-entry/InventoryEntryQuantitySet".
func (n *notification) topic() string {
	resource, _ := n.Resource.Type.Text()
	what, _ := n.Kind.Text()
	if what == aMessage {
		what, _ = n.Type.Text()
	}
	if resource == "" || what == "" {
		return ""
	}
	return resource + "/" + what
}

// id is the message's, or the resource with the version that a change made.
func (n *notification) id() string {
	if n.cloudEvent != "" {
		return n.cloudEvent
	}
	if id, _ := n.ID.Text(); id != "" {
		return id
	}
	id, _ := n.Resource.ID.Text()
	if id == "" {
		return ""
	}
	return id + "-" + string(n.Version)
}
