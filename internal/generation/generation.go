// Package generation keeps two versions of a function from undoing each other's
// work while a deployment replaces one by the other. What is written carries the
// generation of the registry that it was written under; a Gate tells whether a
// function may go on with what another generation wrote.
//
// Which of two generations is the newer one cannot be seen in them. The
// deployment says which is current, before it replaces the first function, and
// also when it is rolled back. Where that is said is left to whoever makes a
// Gate, and so is what happens to what must wait.
package generation

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

const (
	// Fresh is how long what the deployment said is believed.
	Fresh = 30 * time.Second
	// stale is how long it is believed while it cannot be asked.
	stale = time.Hour
	// pause is how long nobody is asked after a failure.
	pause = 5 * time.Second
	// timeout bounds one question, which callers share.
	timeout = 5 * time.Second
)

// ErrOld means that another generation than the function's own is current. What
// was to be written has to wait for a function of that generation.
var ErrOld = errors.New("generation: another one is current")

// Gate is one function's view of which generation is current. The nil Gate finds
// its own current, whatever it meets. It is safe for use by several goroutines.
type Gate struct {
	own string
	ask func(ctx context.Context) (string, error)
	now func() time.Time

	// asking holds one token, which whoever asks the deployment takes.
	asking chan struct{}

	mu      sync.Mutex
	current string
	// begun counts the questions, and answered is the number of the one that gave
	// current, at the time asked.
	begun, answered int
	asked           time.Time
	// failed is when the last question came to nothing, and err why.
	failed time.Time
	err    error
	// met is when current was last asked for because of a generation.
	met map[string]time.Time
}

// New returns the gate of a function with the own generation. Ask says which
// generation is current.
func New(own string, ask func(ctx context.Context) (string, error), now func() time.Time) *Gate {
	return &Gate{own: own, ask: ask, now: now, asking: make(chan struct{}, 1), met: map[string]time.Time{}}
}

// Check returns nil when the function may write over what the given generation
// wrote, blank being what nobody wrote yet: it is its own, or its own is current.
// Otherwise the error is ErrOld, or says why it is not known.
//
// The own generation costs nothing. Another one is looked up when it is met
// first, and again after Fresh, so that who has been replaced does not find
// itself current by what it heard before.
func (g *Gate) Check(ctx context.Context, wrote string) error {
	if g == nil || wrote == g.own {
		return nil
	}
	current, err := g.about(ctx, wrote)
	if err != nil {
		return err
	}
	if current != g.own {
		return ErrOld
	}
	return nil
}

// Current asks the deployment now whether the function's own generation is the
// current one.
func (g *Gate) Current(ctx context.Context) (bool, error) {
	if g == nil {
		return true, nil
	}
	g.mu.Lock()
	begun := g.begun
	g.mu.Unlock()
	current, err := g.after(ctx, begun)
	return current == g.own, err
}

// about is the current generation as asked for after the given one was met.
func (g *Gate) about(ctx context.Context, met string) (string, error) {
	now := g.now()
	g.mu.Lock()
	current, at, begun := g.current, g.met[met], g.begun
	g.mu.Unlock()
	if !at.IsZero() && now.Sub(at) < Fresh {
		return current, nil
	}
	current, err := g.after(ctx, begun)
	if err == nil {
		g.mu.Lock()
		g.met[met] = now
		g.mu.Unlock()
	}
	return current, err
}

// after is the current generation, as answered to a question that began after
// so many others. While no answer comes, the last one serves for an hour.
func (g *Gate) after(ctx context.Context, begun int) (string, error) {
	select {
	case g.asking <- struct{}{}:
		defer func() { <-g.asking }()
	case <-ctx.Done():
		return "", fmt.Errorf("ask which generation is current: %w", ctx.Err())
	}
	now := g.now()
	if g.answered > begun {
		return g.current, nil
	}
	if g.err == nil || now.Sub(g.failed) >= pause {
		g.question(ctx, now)
	}
	if g.err != nil && (g.answered == 0 || now.Sub(g.asked) >= stale) {
		return "", fmt.Errorf("ask which generation is current: %w", g.err)
	}
	return g.current, nil
}

func (g *Gate) question(ctx context.Context, now time.Time) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), timeout)
	defer cancel()
	g.mu.Lock()
	g.begun++
	number := g.begun
	g.mu.Unlock()
	current, err := g.ask(ctx)
	if err == nil && current == "" {
		err = errors.New("the answer is blank")
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.err = err
	if err != nil {
		g.failed = now
		return
	}
	g.current, g.answered, g.asked = current, number, now
}
