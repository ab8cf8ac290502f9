package contract

// Kind is what a grant is about.
type Kind string

// The kinds of resources.
const (
	TableKind     Kind = "table"
	QueueKind     Kind = "queue"
	TopicKind     Kind = "topic"
	BucketKind    Kind = "bucket"
	ParameterKind Kind = "parameter"
	// SecretKind is the parameter that a secret's reference names.
	SecretKind Kind = "secret"
)

// What the systems of the registry refer to.
const (
	// SystemSecrets names all secrets that sign requests to receive, those of
	// changes included.
	SystemSecrets = "systems"
	// SystemCredentials names all credentials of their APIs.
	SystemCredentials = "credentials"
)

// Grant is something that a function may do with one resource.
type Grant struct {
	Kind Kind
	// Name is the resource's in this package. A secret has the name of the
	// variable that refers to it, SystemSecrets or SystemCredentials.
	Name string
	// Index is the index of the table that alone is meant. Blank is the table.
	Index string
	// Prefixes limit the grant to items or objects whose key begins with one of
	// them. None means all.
	Prefixes []string
	// Actions are those of IAM.
	Actions []string
}

// Access lists all that a function may do, but for writing its log. Its role
// holds exactly this, so a new call needs a line here. The inboxes are those of
// Queues.
func Access(function string, inboxes ...string) []Grant {
	grants := access(function)
	for _, q := range Queues(inboxes...) {
		if q.Consumer == function {
			grants = append(grants, consumes(q.Name))
		}
	}
	return grants
}

func access(function string) []Grant {
	switch function {
	case Receive:
		return []Grant{
			reads(SystemSecrets),
			reads(HashKeyVariable),
			objects(Claims, ClaimKeys, "s3:PutObject"),
			sends(Observations),
			sends(Quarantine),
			sends(Fetches),
			sends(Looks),
		}
	case Fetch:
		return []Grant{
			reads(SystemCredentials),
			reads(HashKeyVariable),
			objects(Claims, ClaimKeys, "s3:PutObject"),
			items(Findings, "dynamodb:UpdateItem").only(PaceKeys),
			items(Findings, "dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:PutItem", "dynamodb:DeleteItem").only(MarkKeys),
			objects(ExportsBucket, LoadKeys, "s3:PutObject"),
			sends(Observations),
			sends(Quarantine),
			sends(Fetches),
			sends(DeadLetters(Fetches)),
			sends(Loads),
		}
	case Merge:
		return []Grant{
			objects(Claims, ClaimKeys, "s3:GetObject"),
			items(Records, "dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:PutItem"),
			items(Findings, "dynamodb:GetItem").only(DocumentKeys),
			items(Findings, "dynamodb:PutItem", "dynamodb:DeleteItem").only(MarkKeys),
			items(Findings, "dynamodb:UpdateItem").only(ArrivalKeys, ReceiptKeys),
			asks(Generation),
			sends(Looks),
			sends(Merged),
		}
	case Load:
		return []Grant{
			reads(HashKeyVariable),
			objects(ExportsBucket, ExportKeys, "s3:GetObject", "s3:PutObject"),
			objects(ExportsBucket, LoadKeys, "s3:GetObject", "s3:PutObject"),
			items(Records, "dynamodb:Scan"),
			items(Findings, "dynamodb:GetItem", "dynamodb:PutItem").only(DocumentKeys, MarkKeys),
			items(Findings, "dynamodb:GetItem").only(ReceiptKeys),
			asks(Generation),
			sends(Bulk),
			sends(Loads),
			measures(Bulk),
		}
	case Drift:
		return []Grant{
			items(Records, "dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:PutItem", "dynamodb:Scan"),
			listed(Records, DueIndex),
			items(Findings, "dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Scan"),
			items(Findings, "dynamodb:PutItem").only(FindingKeys, AlertKeys, GroupKeys, MarkKeys, SweepKeys, DocumentKeys),
			items(Findings, "dynamodb:DeleteItem").only(FindingKeys, GroupKeys),
			listed(Findings, ActiveIndex),
			listed(Findings, RecordIndex),
			sends(Looks),
			sends(Observations),
			publishes(Alerts),
			objects(BoardBucket, BoardKeys, "s3:GetObject", "s3:PutObject", "s3:DeleteObject"),
			asks(Generation),
		}
	case Notify:
		return []Grant{
			reads(SlackTokenVariable),
			reads(SlackWebhookVariable),
			items(Findings, "dynamodb:GetItem", "dynamodb:PutItem").only(AlertKeys),
			publishes(Mail),
		}
	case Respond:
		return []Grant{
			reads(SlackTokenVariable),
			reads(SlackSigningVariable),
			items(Findings, "dynamodb:GetItem", "dynamodb:PutItem").only(FindingKeys, AlertKeys),
			sends(Decisions),
			sends(Looks),
			publishes(Alerts),
		}
	case Archive:
		return []Grant{
			objects(Claims, ClaimKeys, "s3:GetObject"),
			objects(ArchiveBucket, DeliveryKeys, "s3:PutObject"),
			objects(ArchiveBucket, ObservationKeys, "s3:PutObject"),
			items(Findings, "dynamodb:GetItem", "dynamodb:PutItem").only(DocumentKeys),
			sends(Observations),
			sends(Looks),
		}
	default:
		return nil
	}
}

func items(table string, actions ...string) Grant {
	return Grant{Kind: TableKind, Name: table, Actions: actions}
}

// only limits a grant to some keys.
func (g Grant) only(prefixes ...string) Grant {
	g.Prefixes = prefixes
	return g
}

func listed(table, index string) Grant {
	return Grant{Kind: TableKind, Name: table, Index: index, Actions: []string{"dynamodb:Query"}}
}

func objects(bucket, prefix string, actions ...string) Grant {
	return Grant{Kind: BucketKind, Name: bucket, Actions: actions}.only(prefix)
}

func sends(queue string) Grant {
	return Grant{Kind: QueueKind, Name: queue, Actions: []string{"sqs:SendMessage"}}
}

// measures is to ask how much waits in a queue.
func measures(queue string) Grant {
	return Grant{Kind: QueueKind, Name: queue, Actions: []string{"sqs:GetQueueAttributes"}}
}

// consumes is what Lambda does in the function's name to feed it.
func consumes(queue string) Grant {
	return Grant{Kind: QueueKind, Name: queue, Actions: []string{"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}}
}

func publishes(topic string) Grant {
	return Grant{Kind: TopicKind, Name: topic, Actions: []string{"sns:Publish"}}
}

func asks(parameter string) Grant {
	return Grant{Kind: ParameterKind, Name: parameter, Actions: []string{"ssm:GetParameter"}}
}

func reads(secret string) Grant {
	return Grant{Kind: SecretKind, Name: secret, Actions: []string{"ssm:GetParameter"}}
}
