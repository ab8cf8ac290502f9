package main

import (
	"context"
	"errors"
	"io"
	"os"

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

// openTables is a home on an emulator of its own, which keeps it in a folder that
// goes with it: in memory a page of a scan takes as long as the table is large.
func openTables(ctx context.Context, log io.Writer) (_ *home, err error) {
	dir, err := os.MkdirTemp("", "scalebench-")
	if err != nil {
		return nil, err
	}
	emulators, err := emulator.Start(ctx, emulator.Options{Dir: dir, Log: log})
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	end := func() {
		emulators.Stop()
		_ = os.RemoveAll(dir) // a temporary folder
	}
	defer func() {
		if err != nil {
			end()
		}
	}()
	made, err := local.Provision(ctx, emulators.AWSConfig(), local.Plan{Prefix: "scale-"})
	if err != nil {
		return nil, err
	}
	if err := emulators.IndexScans(ctx); err != nil {
		return nil, err
	}
	client, meter := dynamodb.NewFromConfig(emulators.AWSConfig()), &dynamo.Meter{}
	return &home{
		records:  dynamo.NewRecords(client, made.Tables[contract.Records], dynamo.WithMeter(meter)),
		findings: dynamo.NewFindings(client, made.Tables[contract.Findings], dynamo.WithMeter(meter)),
		load:     loader{client, made.Tables[contract.Records]}.load,
		meter:    meter, close: end,
	}, nil
}

// usage is what the tables were asked so far.
func (h *home) usage() dynamo.Usage {
	if h.meter == nil {
		return dynamo.Usage{}
	}
	return h.meter.Usage()
}
