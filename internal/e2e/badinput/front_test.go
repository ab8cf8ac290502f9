package badinput

import (
	"context"
	"log/slog"
	"net"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/local"
)

const slow = "slow"

// frontServer is the front on loopback, over one world after the other, and
// another with less patience.
type frontServer struct {
	world          *world
	patient, hasty string
}

func (s *frontServer) address(framing string) string {
	if framing == slow {
		return s.hasty
	}
	return s.patient
}

// Invoke lets the present world answer.
func (s *frontServer) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	return s.world.handler.Invoke(ctx, payload)
}

func openFront(t *testing.T) *frontServer {
	t.Helper()
	s := &frontServer{}
	open := func(patience time.Duration) string {
		server := local.Front(map[string]lambda.Handler{contract.Receive: s}, func() time.Time { return s.world.now }, slog.New(slog.DiscardHandler))
		if server.ReadHeaderTimeout <= 0 || server.ReadTimeout <= 0 || server.ReadTimeout > contract.FrontTimeout {
			t.Errorf("the front waits %v for headers and %v for a request", server.ReadHeaderTimeout, server.ReadTimeout)
		}
		if patience > 0 {
			server.ReadTimeout = patience
		}
		server.ErrorLog = nil
		l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		go server.Serve(l) //nolint:errcheck // it ends with the test
		t.Cleanup(func() { _ = server.Close() })
		return l.Addr().String()
	}
	s.patient, s.hasty = open(0), open(200*time.Millisecond)
	return s
}
