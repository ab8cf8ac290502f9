package slack

import (
	api "github.com/slack-go/slack"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/finding"
)

// buttons are what people can press below a message. The block's id names the
// alert, and each element's action id what is decided.
func buttons(m alert.Message) []api.Block {
	var elements []api.BlockElement
	for _, action := range m.Offers {
		if e := element(action, m.Alert); e != nil {
			elements = append(elements, e)
		}
	}
	if elements == nil {
		return nil
	}
	return []api.Block{api.NewActionBlock(m.Alert, elements...)}
}

func element(action finding.Action, alertID string) api.BlockElement {
	id := string(action)
	switch action {
	case finding.Acknowledge:
		return api.NewButtonBlockElement(id, alertID, plain("Acknowledge")).WithStyle(api.StylePrimary)
	case finding.Assign:
		return api.NewOptionsSelectBlockElement(api.OptTypeUser, plain("Assign to…"), id)
	case finding.Waive:
		return api.NewButtonBlockElement(id, alertID, plain("Waive…"))
	case finding.Reopen:
		return api.NewButtonBlockElement(id, alertID, plain("Open again"))
	default:
		return nil
	}
}

func plain(text string) *api.TextBlockObject {
	return api.NewTextBlockObject(api.PlainTextType, text, false, false)
}
