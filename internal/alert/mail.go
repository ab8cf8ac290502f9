package alert

import "time"

// Mail writes the alert for people whom Slack does not reach: the subject as
// Payload has it, and a text that says why they read it here.
func Mail(a Alert, now time.Time) (subjectLine, text string) {
	m := Compose(a, now)
	return subject(a, m), PlainText(m) + "\n" +
		"Slack does not take the messages of this alert, which is why you read it here. Once Slack takes them again, it shows\n" +
		"all that happened meanwhile. The log of the function notify names what Slack says.\n"
}
