package contract

// The tables and their indexes.
const (
	Records  = "records"
	Findings = "findings"

	// DueIndex finds the records that drift must look at without being asked.
	DueIndex = "due"
	// ActiveIndex finds the findings that have not ended.
	ActiveIndex = "active"
	// RecordIndex finds all findings of a record.
	RecordIndex = "record"
)

// The attributes that keys and indexes use.
const (
	PK     = "pk"
	TTL    = "ttl"
	Shard  = "shard"
	Due    = "due"
	Active = "active"
	At     = "at"
	Record = "record"
)

// What the keys of the findings table begin with, by what the item is.
const (
	FindingKeys = "finding|"
	AlertKeys   = "alert|"
	GroupKeys   = "group|"
	MarkKeys    = "mark|"
	SweepKeys   = "sweep|"
	PaceKeys    = "pace|"
	// ArrivalKeys begin the days in which systems were heard.
	ArrivalKeys = "arrivals|"
	// ReceiptKeys begin which messages of a load are merged.
	ReceiptKeys = "receipts|"
	// DocumentKeys begin what was worked out of many rows.
	DocumentKeys = "document|"
)

// Shards is how many values the due index's hash attribute has: 0 to 15.
const Shards = 16

// KeyType is the type of a key attribute, as DynamoDB writes it.
type KeyType string

// The key types.
const (
	Text   KeyType = "S"
	Number KeyType = "N"
)

// Projection is what an index carries of an item.
type Projection string

// The projections.
const (
	KeysOnly Projection = "KEYS_ONLY"
	All      Projection = "ALL"
)

// Attribute is a key attribute.
type Attribute struct {
	Name string
	Type KeyType
}

// Table is one DynamoDB table, billed on demand.
type Table struct {
	Name string
	Hash Attribute
	// TTL is the attribute with the second after which an item may go.
	TTL     string
	Indexes []Index
}

// Index is a global secondary index. It is sparse: an item without the key
// attributes is not in it.
type Index struct {
	Name        string
	Hash, Range Attribute
	Projection  Projection
}

// Tables lists every table.
func Tables() []Table {
	return []Table{
		{
			Name: Records,
			Hash: Attribute{PK, Text},
			TTL:  TTL,
			Indexes: []Index{{
				Name:       DueIndex,
				Hash:       Attribute{Shard, Number},
				Range:      Attribute{Due, Number},
				Projection: KeysOnly,
			}},
		},
		{
			Name: Findings,
			Hash: Attribute{PK, Text},
			TTL:  TTL,
			Indexes: []Index{{
				Name:       ActiveIndex,
				Hash:       Attribute{Active, Text},
				Range:      Attribute{At, Number},
				Projection: All,
			}, {
				Name:       RecordIndex,
				Hash:       Attribute{Record, Text},
				Range:      Attribute{PK, Text},
				Projection: KeysOnly,
			}},
		},
	}
}
