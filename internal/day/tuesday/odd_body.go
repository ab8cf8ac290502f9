package tuesday

import "time"

// The bodies of the shop's webhooks that say nothing of amounts.

type editBody struct {
	OrderEdit edit `json:"order_edit"`
}

type edit struct {
	ID             int64     `json:"id"`
	CreatedAt      string    `json:"created_at"`
	CommittedAt    string    `json:"committed_at"`
	NotifyCustomer bool      `json:"notify_customer"`
	OrderID        int64     `json:"order_id"`
	StaffNote      string    `json:"staff_note"`
	LineItems      editLines `json:"line_items"`
}

type editLines struct {
	Additions []editLine `json:"additions"`
	Removals  []editLine `json:"removals"`
}

type editLine struct {
	ID    int64 `json:"id"`
	Delta int   `json:"delta"`
}

func editOf(o *order, added *line, id int64, at time.Time) edit {
	return edit{
		ID: id, CreatedAt: second(at), CommittedAt: second(at), OrderID: o.id,
		LineItems: editLines{Additions: []editLine{{added.id, added.units}}, Removals: []editLine{}},
	}
}

type draftBody struct {
	ID         int64  `json:"id"`
	Name       string `json:"name"`
	Status     string `json:"status"`
	Currency   string `json:"currency"`
	TotalPrice string `json:"total_price"`
	CreatedAt  string `json:"created_at"`
}
