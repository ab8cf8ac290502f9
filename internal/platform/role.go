package platform

// Role is what a merchant uses a system for.
type Role string

// The roles of systems.
const (
	// Storefront is where web orders begin.
	Storefront Role = "storefront"
	// ERP books: it has the stock, the prices and the documents of orders.
	ERP Role = "erp"
	// Warehouse picks and ships, and counts what is on its shelves.
	Warehouse Role = "warehouse"
	// Shipping buys labels and follows parcels.
	Shipping Role = "shipping"
	// Tax computes and files tax.
	Tax Role = "tax"
	// Payments takes money and pays it out.
	Payments Role = "payments"
	// Contacts has the customers, and writes to them.
	Contacts Role = "contacts"
)

// Roles lists the roles, in the order in which people are asked.
func Roles() []Role {
	return []Role{Storefront, ERP, Warehouse, Shipping, Tax, Payments, Contacts}
}

// Used is what merchants use the platform for, or blank where that can be anything.
func (p Platform) Used() Role {
	if p.Storefront {
		return Storefront
	}
	return p.Role
}
