package contract_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/contract"
)

var functions = contract.Functions()

func TestConsumedQueuesHoldTheRelationsThatKeepMessages(t *testing.T) {
	byName := queuesByName(t)
	for _, q := range contract.Queues() {
		if q.Consumer == "" {
			continue
		}
		t.Run(q.Name, func(t *testing.T) {
			if !slices.Contains(functions, q.Consumer) {
				t.Errorf("consumer %q is no function", q.Consumer)
			}
			if q.Timeout != contract.Timeout(q.Consumer) {
				t.Errorf("time-out %v, the function has %v", q.Timeout, contract.Timeout(q.Consumer))
			}
			if want := 6*q.Timeout + q.Window; q.Visibility < want {
				t.Errorf("visibility %v, want at least %v", q.Visibility, want)
			}
			if q.BatchSize < 1 || (q.BatchSize > 10 && q.Window == 0) {
				t.Errorf("batch of %d needs a window", q.BatchSize)
			}
			if q.MaxConcurrency < 2 {
				t.Errorf("maximum concurrency %d, an event source mapping takes 2 or more", q.MaxConcurrency)
			}
			if q.MaxReceive != contract.MaxReceive {
				t.Errorf("tried %d times, want %d", q.MaxReceive, contract.MaxReceive)
			}
			dead, ok := byName[q.DeadLetter]
			if !ok {
				t.Fatalf("no queue %q for its dead letters", q.DeadLetter)
			}
			if dead.Consumer != "" {
				t.Errorf("dead letters are consumed by %s", dead.Consumer)
			}
			if dead.Retention <= q.Retention {
				t.Errorf("dead letters kept %v, messages %v: a late dead letter would be lost", dead.Retention, q.Retention)
			}
			if dead.Retention != 14*24*time.Hour {
				t.Errorf("dead letters kept %v, want 14 days", dead.Retention)
			}
		})
	}
}

func TestQueuesAreDefinedBeforeTheyAreUsed(t *testing.T) {
	seen := map[string]bool{}
	for _, q := range contract.Queues() {
		if q.DeadLetter != "" && !seen[q.DeadLetter] {
			t.Errorf("queue %s names %s before it is defined", q.Name, q.DeadLetter)
		}
		seen[q.Name] = true
	}
}

func TestSubscriptionsJoinWhatExists(t *testing.T) {
	byName := queuesByName(t)
	for _, s := range contract.Subscriptions() {
		if !slices.Contains(contract.Topics(), s.Topic) {
			t.Errorf("no topic %q", s.Topic)
		}
		if byName[s.Queue].Consumer == "" {
			t.Errorf("nobody reads what %s sends to %s", s.Topic, s.Queue)
		}
	}
}

func TestTablesHaveOneKeyAndSparseIndexes(t *testing.T) {
	for _, table := range contract.Tables() {
		if table.Hash != (contract.Attribute{Name: contract.PK, Type: contract.Text}) {
			t.Errorf("table %s has key %v", table.Name, table.Hash)
		}
		for _, index := range table.Indexes {
			if index.Hash.Name == table.Hash.Name {
				t.Errorf("index %s of %s holds every item", index.Name, table.Name)
			}
		}
	}
}

func TestSchedulesAndRoutesNameFunctionsThatEndInTime(t *testing.T) {
	for _, s := range contract.Schedules() {
		if !slices.Contains(functions, s.Function) {
			t.Errorf("schedule %s calls %q", s.Name, s.Function)
		}
		if s.Input != "" && !json.Valid([]byte(s.Input)) {
			t.Errorf("schedule %s gives %s, which is no JSON", s.Name, s.Input)
		}
		if contract.Timeout(s.Function) > s.Every {
			t.Errorf("schedule %s can overtake itself", s.Name)
		}
	}
	for _, r := range contract.Routes() {
		if !slices.Contains(functions, r.Function) {
			t.Errorf("%s %s calls %q", r.Method, r.Path, r.Function)
		}
		if contract.Timeout(r.Function) >= contract.FrontTimeout {
			t.Errorf("the front gives up before %s does", r.Function)
		}
	}
}

func TestVariablesDiffer(t *testing.T) {
	seen := map[string]bool{}
	var names []string
	for _, table := range contract.Tables() {
		names = append(names, contract.TableVariable(table.Name))
	}
	for _, q := range contract.Queues() {
		names = append(names, contract.QueueVariable(q.Name))
	}
	for _, topic := range contract.Topics() {
		names = append(names, contract.TopicVariable(topic))
	}
	for _, name := range names {
		if seen[name] {
			t.Errorf("variable %s is used twice", name)
		}
		seen[name] = true
	}
	if !seen["PLUMBLINE_QUEUE_OBSERVATIONS_DEAD"] {
		t.Errorf("a dead letter queue's variable is not in %v", names)
	}
}

func queuesByName(t *testing.T) map[string]contract.Queue {
	t.Helper()
	byName := map[string]contract.Queue{}
	for _, q := range contract.Queues() {
		if _, twice := byName[q.Name]; twice {
			t.Fatalf("queue %s is defined twice", q.Name)
		}
		byName[q.Name] = q
	}
	return byName
}
