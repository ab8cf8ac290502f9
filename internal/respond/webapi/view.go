package webapi

import "github.com/plumbline/plumbline/internal/respond"

type object = map[string]any

// view is the dialog as Slack builds it. Slack takes 24 characters of title and
// button.
func view(d respond.Dialog) object {
	blocks := []object{
		{"type": "section", "text": object{"type": "mrkdwn", "text": d.Headline, "verbatim": true}},
	}
	if d.Numbers {
		blocks = append(blocks,
			number(respond.FieldLow, "Lowest difference of "+d.Facet+" to accept", d.Low),
			number(respond.FieldHigh, "Highest difference of "+d.Facet+" to accept", d.High))
	}
	blocks = append(blocks,
		input(respond.FieldUntil, "Until the end of", "A year at most. It is open again after that, or when the difference is another.",
			object{"type": "datepicker", "initial_date": d.Until}),
		input(respond.FieldReason, "Why", "Everybody who reads the alert sees this.",
			object{"type": "plain_text_input", "min_length": 1, "max_length": d.MaxReason}))
	return object{
		"type": "modal", "callback_id": "waive", "private_metadata": d.Metadata, "blocks": blocks,
		"title": plain("Waive the difference"), "submit": plain("Waive"), "close": plain("Cancel"),
	}
}

func number(field, label, value string) object {
	block := input(field, label, "Actual minus expected. Nothing is no limit.", object{"type": "plain_text_input", "initial_value": value, "max_length": 30})
	block["optional"] = true
	return block
}

func input(field, label, hint string, element object) object {
	element["action_id"] = field
	return object{"type": "input", "block_id": field, "label": plain(label), "hint": plain(hint), "element": element}
}

func plain(text string) object { return object{"type": "plain_text", "text": text} }
