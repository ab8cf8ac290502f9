package alert

import "time"

// Mail is the alert for people whom Slack does not reach, without a body: its
// text says why they read it here.
func Mail(a Alert, now time.Time) Published {
	m := Compose(a, now)
	return Published{Subject: m.Subject, Attributes: m.Attributes, Text: PlainText(m) + "\n" +
		"Slack does not take the messages of this alert, which is why you read it here. Once Slack takes them again, it shows\n" +
		"all that happened meanwhile. The log of the function notify names what Slack says.\n"}
}
