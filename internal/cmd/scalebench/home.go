package main

import (
	"context"
	"io"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/local"
	"github.com/plumbline/plumbline/internal/local/emulator"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/store"
	"github.com/plumbline/plumbline/internal/store/dynamo"
	"github.com/plumbline/plumbline/internal/store/memory"
)

// home is where the records of an estate are.
type home struct {
	records  store.Records
	findings interface {
		store.Findings
		store.Marks
		store.Sweeps
		store.Documents
	}
	// load stores at most batch rows that nobody else writes.
	load func(ctx context.Context, rows []record.Row) error
	// meter counts what the tables are asked, nil where there are none.
	meter *dynamo.Meter
	close func()
}

// openMemory is a home in the process.
func openMemory(context.Context, io.Writer) (*home, error) {
	records := newPacked()
	load := func(ctx context.Context, rows []record.Row) error {
		for _, row := range rows {
			if err := records.Put(ctx, row); err != nil {
				return err
			}
		}
		return nil
	}
	return &home{records: records, load: load, findings: &memory.Findings{}, close: func() {}}, nil
}

// openTables is a home on an emulator of its own, which keeps it in memory.
func openTables(ctx context.Context, log io.Writer) (*home, error) {
	emulators, err := emulator.Start(ctx, emulator.Options{Log: log})
	if err != nil {
		return nil, err
	}
	made, err := local.Provision(ctx, emulators.AWSConfig(), local.Plan{Prefix: "scale-"})
	if err != nil {
		emulators.Stop()
		return nil, err
	}
	client, meter := dynamodb.NewFromConfig(emulators.AWSConfig()), &dynamo.Meter{}
	return &home{
		records:  &ahead{dynamo.NewRecords(client, made.Tables[contract.Records], dynamo.WithMeter(meter)), map[int]stretch{}},
		findings: dynamo.NewFindings(client, made.Tables[contract.Findings], dynamo.WithMeter(meter)),
		load:     loader{client, made.Tables[contract.Records]}.load,
		meter:    meter, close: emulators.Stop,
	}, nil
}

// usage is what the tables were asked so far.
func (h *home) usage() dynamo.Usage {
	if h.meter == nil {
		return dynamo.Usage{}
	}
	return h.meter.Usage()
}
