package dynamo

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/record"
)

// A write unit is 1,024 bytes. Healthy traffic may take one for each
// observation of stock or price, and two for one of an order.
func TestRow_StaysWithinItsWriteUnits(t *testing.T) {
	budget := map[commerce.Kind]int{
		commerce.Inventory: 800, commerce.Price: 800, commerce.Product: 800, commerce.Customer: 800,
		commerce.Order:    2048,
		commerce.Shipment: 1024, commerce.Return: 1024, commerce.Refund: 1024, commerce.Payment: 1024, commerce.Payout: 1024,
	}
	var table strings.Builder
	fmt.Fprintf(&table, "bytes of a row by systems\n%-10s", "")
	for systems := 2; systems <= 5; systems++ {
		fmt.Fprintf(&table, "%7d", systems)
	}
	for _, kind := range commerce.Kinds() {
		fmt.Fprintf(&table, "\n%-10s", kind)
		for systems := 2; systems <= 5; systems++ {
			it, err := EncodeRow(typicalRow(kind, systems))
			if err != nil {
				t.Fatal(err)
			}
			size := itemSize(it)
			fmt.Fprintf(&table, "%7d", size)
			if systems == 2 && size > budget[kind] {
				t.Errorf("%s of two systems takes %d bytes, at most %d", kind, size, budget[kind])
			}
		}
	}
	t.Log(table.String())
}

// typicalFacets is what one system reports of each kind in busy traffic.
var typicalFacets = map[commerce.Kind]commerce.Facets{
	commerce.Inventory: {"available": num("17"), "on_hand": num("20"), "committed": num("3"), "tracked": commerce.Bool(true)},
	commerce.Price:     {"regular": num("24.9"), "sale": commerce.Null(), "effective": num("24.9"), "currency": commerce.Text("USD")},
	commerce.Product:   {"status": commerce.Text("active"), "barcode": commerce.Text("4006381333931"), "tracked": commerce.Bool(true)},
	commerce.Customer:  {"consent": commerce.Text("subscribed"), "country": commerce.Text("US"), "tax_exempt": commerce.Bool(false), "orders": num("12")},
	commerce.Order: {
		"payment": commerce.Text("partially_refunded"), "fulfilment": commerce.Text("unfulfilled"), "cancelled": commerce.Bool(false),
		"test": commerce.Bool(false), "channel": commerce.Text("web"), "currency": commerce.Text("USD"),
		"created": commerce.Time(time.Date(2026, 3, 3, 14, 14, 7, 0, time.UTC)), "total": num("1036.39"), "total_current": num("986.39"),
		"tax": num("102.39"), "tax_current": num("97.39"), "discount": num("0"), "shipping": num("5"),
		"units": num("37"), "units_current": num("35"), "lines": num("12"),
	},
	commerce.Shipment: {"status": commerce.Text("delivered"), "carrier": commerce.Text("UPS"), "units": num("3"), "voided": commerce.Bool(false)},
	commerce.Return:   {"requested": commerce.Bool(true), "received": commerce.Bool(true), "restocked": commerce.Bool(false), "refunded": commerce.Bool(false)},
	commerce.Refund:   {"amount": num("49.9"), "items": num("44.9"), "shipping": num("5"), "tax": num("4.1"), "currency": commerce.Text("USD")},
	commerce.Payment:  {"type": commerce.Text("charge"), "status": commerce.Text("succeeded"), "amount": num("186.4"), "fee": num("5.71"), "net": num("180.69"), "currency": commerce.Text("USD")},
	commerce.Payout:   {"gross": num("10186.4"), "refunds": num("-49.9"), "fees": num("-305.71"), "net": num("9830.79"), "count": num("88"), "status": commerce.Text("paid"), "currency": commerce.Text("USD")},
}

func num(s string) commerce.Value { return commerce.Number(commerce.MustDecimal(s)) }

// typicalRow is a row on which one rule is unsettled, one system has just
// changed one facet, and orders have three lines.
func typicalRow(kind commerce.Kind, systems int) record.Row {
	received := time.Date(2026, 3, 3, 14, 14, 9, 123_000_000, time.UTC)
	version := commerce.NewVersion(commerce.VersionParts{Clock: received, Sequence: 7, Normaliser: 1}, [8]byte{1, 2, 3, 4, 5, 6, 7, 8})
	const delivery = "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043"
	row := record.Row{
		Kind: kind, Rev: 119, Generation: "9f86d081884c",
		Marks: map[string]record.Mark{"stock-to-storefront/stock": {
			Since: received, First: received, Cause: delivery, System: "shopify-us", Version: version,
		}},
	}
	for _, part := range kind.KeyParts() {
		row.Key = append(row.Key, map[string]string{"sku": "TRAIL-MUG-BLUE-16OZ", "location": "east", "hash": "9f86d081884c7d659a2feaa0c55ad015"}[part])
		if row.Key[len(row.Key)-1] == "" {
			row.Key[len(row.Key)-1] = "SHOPIFYUS-1042"
		}
	}
	for i := range systems {
		v := record.View{
			ViewID:  record.ViewID{System: fmt.Sprintf("shopify-%02d", i), Part: "level", Native: "49148385231/655441491"},
			Slot:    "655441491",
			Version: version, Received: received, Delivery: delivery, Facets: typicalFacets[kind],
		}
		if kind == commerce.Order {
			v.Created = received.Truncate(time.Second)
			for range 3 {
				v.Lines = append(v.Lines, commerce.Line{SKU: "TRAIL-MUG-BLUE-16OZ", Location: "east", Units: commerce.Int(12)})
			}
		}
		row.Views = append(row.Views, v)
	}
	before := commerce.Facets{}
	for name, value := range typicalFacets[kind] {
		before[name] = value
	}
	before[typicalFacets[kind].Names()[0]] = commerce.Null()
	row.Views[0].Was = []record.Past{{Until: received, Delivery: delivery, Facets: before}}
	return row
}

// itemSize follows DynamoDB's rules: names and texts count their bytes, numbers
// a byte for two digits and one more, maps and lists three bytes and one for
// each element.
func itemSize(it item) int {
	size := 0
	for name, v := range it {
		size += len(name) + valueSize(v)
	}
	return size
}

func valueSize(v types.AttributeValue) int {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return len(v.Value)
	case *types.AttributeValueMemberB:
		return len(v.Value)
	case *types.AttributeValueMemberN:
		return numberSize(v.Value)
	case *types.AttributeValueMemberM:
		return 3 + len(v.Value) + itemSize(v.Value)
	case *types.AttributeValueMemberL:
		size := 3 + len(v.Value)
		for _, e := range v.Value {
			size += valueSize(e)
		}
		return size
	default:
		return 1
	}
}

func numberSize(n string) int {
	digits := strings.Trim(strings.Replace(n, ".", "", 1), "-0")
	size := (len(digits)+1)/2 + 1
	if strings.HasPrefix(n, "-") {
		size++
	}
	return size
}
