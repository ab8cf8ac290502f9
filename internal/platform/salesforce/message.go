package salesforce

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// The limits of a message. Salesforce sends at most a hundred notifications.
const (
	maxBytes         = 4 << 20
	maxDepth         = 16
	maxElements      = 50_000
	maxNotifications = 100
)

const (
	outboundSpace = "http://soap.sforce.com/2005/09/outbound"
	schemaSpace   = "http://www.w3.org/2001/XMLSchema-instance"
)

// Where what is read stands, below the envelope.
const (
	notificationsPath = "/Envelope/Body/notifications"
	notificationPath  = notificationsPath + "/Notification"
	objectPath        = notificationPath + "/sObject"
)

// message is an outbound message.
type message struct {
	organization string
	// session says that it carries a session, which opens the organisation's API.
	session       bool
	notifications []notification
}

// notification is one object as it was when it was sent.
type notification struct {
	id, object string
	fields     map[string]value
}

// value is a field's text, or null.
type value struct {
	text string
	null bool
}

// field is the value as it would stand in JSON, so that one reader reads all
// platforms. Salesforce knows no blank text: it is null.
func (v value) field() body.Field {
	if v.null || v.text == "" {
		return body.Field("null")
	}
	// Marshalling a text cannot fail.
	f, _ := json.Marshal(v.text)
	return f
}

var errHostile = errors.New("salesforce: XML that an outbound message does not use")

// scanner reads one message. It is no validating reader: it knows no document
// types, loads nothing and expands nothing but the five entities of XML itself.
type scanner struct {
	message
	path     string
	elements int
	ended    bool
	text     strings.Builder
	null     bool
}

// parse reads a whole message, or says what is wrong with it.
func parse(raw []byte) (message, error) {
	s := &scanner{}
	if len(raw) > maxBytes {
		return message{}, &platform.BodyError{Where: "body", Want: "at most 4 MiB"}
	}
	d := xml.NewDecoder(bytes.NewReader(raw))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = s.take(token)
		}
		if err != nil {
			return message{}, &platform.BodyError{Where: "body", Want: "an outbound message in well-formed XML, in UTF-8 and without a document type"}
		}
	}
	return s.message, nil
}

func (s *scanner) take(token xml.Token) error {
	switch t := token.(type) {
	case xml.StartElement:
		return s.start(t)
	case xml.EndElement:
		return s.end()
	case xml.CharData:
		s.text.Write(t)
	case xml.Directive:
		return errHostile
	case xml.ProcInst:
		if t.Target != "xml" {
			return errHostile
		}
	}
	return nil
}

func (s *scanner) start(e xml.StartElement) error {
	s.elements++
	s.path += "/" + e.Name.Local
	if s.ended || s.elements > maxElements || strings.Count(s.path, "/") > maxDepth {
		return errHostile
	}
	s.text.Reset()
	s.null = attribute(e, "nil") == "true"
	switch s.path {
	case notificationsPath:
		if e.Name.Space != outboundSpace {
			return errHostile
		}
	case notificationPath:
		s.notifications = append(s.notifications, notification{fields: map[string]value{}})
	case objectPath:
		_, s.last().object, _ = strings.Cut(attribute(e, "type"), ":")
	}
	return nil
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Space == schemaSpace && a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func (s *scanner) last() *notification { return &s.notifications[len(s.notifications)-1] }

func (s *scanner) end() error {
	cut := strings.LastIndexByte(s.path, '/')
	parent, name := s.path[:cut], s.path[cut+1:]
	v := value{s.text.String(), s.null}
	s.path, s.ended = parent, parent == ""
	s.text.Reset()
	if name == "SessionId" && v.text != "" {
		s.session = true
	}
	switch {
	case parent == notificationsPath && name == "OrganizationId":
		return once(&s.organization, v.text)
	case parent == notificationPath && name == "Id":
		return once(&s.last().id, v.text)
	case parent == objectPath:
		if known, twice := s.last().fields[name]; twice && known != v {
			return errHostile
		}
		s.last().fields[name] = v
	}
	return nil
}

// once sets what may stand once. Other readers may believe the other one.
func once(at *string, text string) error {
	if *at != "" || text == "" {
		return errHostile
	}
	*at = text
	return nil
}
