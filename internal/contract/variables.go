package contract

import "strings"

// The environment variables of the functions. A variable whose comment says
// reference holds where a secret is, "ssm:/name", "env:NAME" or "file:path",
// never the secret.
const (
	// StageVariable names the deployment: "prod", "local".
	StageVariable = "PLUMBLINE_STAGE"
	// RegistryVariable is the path of plumbline.yaml.
	RegistryVariable = "PLUMBLINE_REGISTRY"
	// GenerationVariable is the reference of the registry generation that is
	// current, which is no secret: what a deployment says, whatever each function
	// has. Optional; unset is the function's own.
	GenerationVariable = "PLUMBLINE_GENERATION"
	// HashKeyVariable is the reference of the key of personal identifiers'
	// hashes.
	HashKeyVariable = "PLUMBLINE_HASH_KEY"
	// SlackTokenVariable is the reference of Slack's bot token. Optional.
	SlackTokenVariable = "PLUMBLINE_SLACK_TOKEN"
	// SlackWebhookVariable is the reference of an incoming webhook's address,
	// used where there is no token. Optional.
	SlackWebhookVariable = "PLUMBLINE_SLACK_WEBHOOK"
	// SlackSigningVariable is the reference of the secret that signs Slack's
	// requests. Optional.
	SlackSigningVariable = "PLUMBLINE_SLACK_SIGNING"
	// FrontVariable is the address of the HTTP front without a slash at its end,
	// "https://…". The command line alone reads it.
	FrontVariable = "PLUMBLINE_FRONT"
	// CacheVariable is the folder that keeps the local stack's emulators.
	// Optional; unset is the user's cache folder.
	CacheVariable = "PLUMBLINE_CACHE"
)

// TableVariable is the variable with a table's deployed name.
func TableVariable(table string) string { return "PLUMBLINE_TABLE_" + upper(table) }

// QueueVariable is the variable with a queue's URL.
func QueueVariable(queue string) string { return "PLUMBLINE_QUEUE_" + upper(queue) }

// TopicVariable is the variable with a topic's ARN.
func TopicVariable(topic string) string { return "PLUMBLINE_TOPIC_" + upper(topic) }

// BucketVariable is the variable with a bucket's name.
func BucketVariable(bucket string) string { return "PLUMBLINE_BUCKET_" + upper(bucket) }

func upper(name string) string { return strings.ToUpper(strings.ReplaceAll(name, "-", "_")) }
