package main

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/registry"
	figures "github.com/plumbline/plumbline/internal/report"
)

func TestReport_WhatWasNotMeasuredIsNull(t *testing.T) {
	agreement := 99.8242
	for name, c := range map[string]struct {
		line figures.Line
		want string
	}{
		"nothing": {
			figures.Line{Integration: "stock", Days: 2, Open: 1},
			`{"integration":"stock","watch":false,"days_audited":2,"judged":0,"agreement_percent":null,"agreement_goal_percent":null,` +
				`"catch_up_p95_seconds":null,"catch_up_goal_seconds":null,"heard_before_audit_seconds":null,"open":1,"impact":{},"error_budget_left_percent":null}`,
		},
		"something": {
			figures.Line{Integration: "stock", Days: 7, Judged: 9, Agreement: &agreement, CatchUp: time.Minute, Goal: registry.Objectives{Agreement: 99.5}, Budget: &agreement},
			`{"integration":"stock","watch":false,"days_audited":7,"judged":9,"agreement_percent":99.82,"agreement_goal_percent":99.50,` +
				`"catch_up_p95_seconds":60,"catch_up_goal_seconds":null,"heard_before_audit_seconds":null,"open":0,"impact":{},"error_budget_left_percent":99.82}`,
		},
	} {
		a := alert.NewReport(alert.Owner{Team: "inventory-ops"}, []figures.Line{c.line}, time.Now())
		got, err := json.Marshal(reportAnswerOf(a).Integrations[0])
		if err != nil || string(got) != c.want {
			t.Errorf("%s: %s, error %v", name, got, err)
		}
	}
}
