package tuesday

import (
	"fmt"
	"strings"
)

// The bodies of the shop's webhooks about products and stock.

type productBody struct {
	GID            string           `json:"admin_graphql_api_id"`
	BodyHTML       string           `json:"body_html"`
	CreatedAt      string           `json:"created_at"`
	Handle         string           `json:"handle"`
	ID             int64            `json:"id"`
	ProductType    string           `json:"product_type"`
	PublishedAt    string           `json:"published_at"`
	Title          string           `json:"title"`
	UpdatedAt      string           `json:"updated_at"`
	Vendor         string           `json:"vendor"`
	Status         string           `json:"status"`
	PublishedScope string           `json:"published_scope"`
	Tags           string           `json:"tags"`
	Variants       []variantBody    `json:"variants"`
	VariantGIDs    []variantGIDBody `json:"variant_gids"`
}

type variantBody struct {
	GID               string  `json:"admin_graphql_api_id"`
	Barcode           *string `json:"barcode"`
	CompareAtPrice    *string `json:"compare_at_price"`
	CreatedAt         string  `json:"created_at"`
	ID                int64   `json:"id"`
	InventoryPolicy   string  `json:"inventory_policy"`
	Position          int     `json:"position"`
	Price             string  `json:"price"`
	ProductID         int64   `json:"product_id"`
	SKU               string  `json:"sku"`
	Taxable           bool    `json:"taxable"`
	Title             string  `json:"title"`
	UpdatedAt         string  `json:"updated_at"`
	InventoryItemID   int64   `json:"inventory_item_id"`
	InventoryQuantity int     `json:"inventory_quantity"`
	OldQuantity       int     `json:"old_inventory_quantity"`
}

type variantGIDBody struct {
	GID       string `json:"admin_graphql_api_id"`
	UpdatedAt string `json:"updated_at"`
}

func (c *company) productBody(p *product) productBody {
	b := productBody{
		GID: gid("Product", p.id), BodyHTML: "<p>" + p.title + "</p>", CreatedAt: second(p.created), Handle: p.handle, ID: p.id,
		ProductType: p.kind, PublishedAt: second(p.created), Title: p.title, UpdatedAt: second(c.Now), Vendor: p.vendor,
		Status: "active", PublishedScope: "web", Tags: strings.ToLower(p.kind),
	}
	for i, v := range p.variants {
		quantity := c.shop.available[shelf{v, east}] + c.shop.available[shelf{v, west}]
		variant := variantBody{
			GID: gid("ProductVariant", v.id), CreatedAt: second(p.created), ID: v.id, InventoryPolicy: "deny", Position: i + 1,
			Price: v.price.String(), ProductID: p.id, SKU: v.sku, Taxable: true, Title: v.title, UpdatedAt: second(c.Now),
			InventoryItemID: v.item, InventoryQuantity: quantity, OldQuantity: quantity,
		}
		if v.compareAt > 0 {
			variant.CompareAtPrice = ptr(v.compareAt.String())
		}
		b.Variants = append(b.Variants, variant)
		b.VariantGIDs = append(b.VariantGIDs, variantGIDBody{variant.GID, c.Now.UTC().Format("2006-01-02T15:04:05.000Z")})
	}
	return b
}

type levelBody struct {
	ItemID     int64  `json:"inventory_item_id"`
	LocationID int64  `json:"location_id"`
	Available  *int   `json:"available"`
	UpdatedAt  string `json:"updated_at"`
	GID        string `json:"admin_graphql_api_id"`
}

func (c *company) levelBody(v *variant, location int64, available int) levelBody {
	return levelBody{v.item, location, &available, second(c.Now), fmt.Sprintf("gid://shopify/InventoryLevel/%d?inventory_item_id=%d", location, v.item)}
}

type itemBody struct {
	ID               int64   `json:"id"`
	SKU              string  `json:"sku"`
	CreatedAt        string  `json:"created_at"`
	UpdatedAt        string  `json:"updated_at"`
	RequiresShipping bool    `json:"requires_shipping"`
	Cost             *string `json:"cost"`
	Tracked          bool    `json:"tracked"`
	GID              string  `json:"admin_graphql_api_id"`
}
