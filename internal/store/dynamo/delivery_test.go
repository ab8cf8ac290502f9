package dynamo

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func TestDelivery_AUUIDTakes16BytesAndAnyTextComesBackAsItIs(t *testing.T) {
	for _, c := range []struct {
		id     string
		packed bool
	}{
		{"", false},
		{"delivery-7", false},
		{"4f1c2a9e-0b7d-4c35-9a61-77e2d0c8b5f3", true},
		{"4F1C2A9E-0B7D-4C35-9A61-77E2D0C8B5F3", false},
		{"4f1c2a9e-0b7d-4c35-9a61-77e2d0c8b5fz", false},
		{"4f1c2a9e_0b7d-4c35-9a61-77e2d0c8b5f3", false},
		{"4f1c2a9e0b7d4c359a6177e2d0c8b5f3", false},
	} {
		m := item{}
		putDelivery(m, viewDelivery, c.id)
		if v, packed := m[viewDelivery].(*types.AttributeValueMemberB); packed != c.packed || packed && len(v.Value) != 16 {
			t.Errorf("%q is stored as %T", c.id, m[viewDelivery])
		}
		r := &reader{}
		if got := r.delivery(m, viewDelivery); got != c.id || r.err != nil {
			t.Errorf("%q comes back as %q, %v", c.id, got, r.err)
		}
	}
	r := &reader{}
	if r.delivery(item{viewDelivery: binary([]byte{1})}, viewDelivery); r.err == nil {
		t.Error("an id of one byte was read")
	}
}
