// Command trust is the Go side of the tests: handlers that behave, and handlers that misbehave in every known way.
package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"runtime"
	"strings"
	"sync"
	"time"

	"example.test/trust/gen"
	"x.example/go/ts2go"
)

type trust struct {
	mu    sync.Mutex
	kept  []string
	notes []string
}

func (*trust) Echo(_ context.Context, v *gen.Everything) (gen.Everything, error) { return *v, nil }
func (*trust) Bytes(_ context.Context, data []byte) ([]byte, error)              { return data, nil }
func (*trust) Add(_ context.Context, a, b int32) (int32, error)                  { return a + b, nil }
func (*trust) Ping(context.Context) error                                        { return nil }
func (*trust) Pid(context.Context) (int32, error)                                { return int32(os.Getpid()), nil }
func (*trust) Zeros(_ context.Context, n uint32) ([]byte, error)                 { return make([]byte, n), nil }
func (*trust) Environment(_ context.Context, name string) (string, error) {
	return os.Getenv(name), nil
}
func (*trust) Join(_ context.Context, words []string, sep string) (string, error) {
	return strings.Join(words, sep), nil
}

func (*trust) Sum(_ context.Context, p *gen.Payload) (uint32, error) {
	var sum uint32
	for _, b := range p.Data {
		sum += uint32(b)
	}
	return sum + uint32(len(p.Name)), nil
}

func (t *trust) Keep(_ context.Context, p *gen.Payload) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.kept = append(t.kept, p.Name)
	return nil
}

func (t *trust) Kept(context.Context) ([]string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]string(nil), t.kept...), nil
}

func (t *trust) Note(_ context.Context, text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.notes = append(t.notes, text)
}

func (t *trust) Notes(context.Context) ([]string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]string(nil), t.notes...), nil
}

func (*trust) Sleep(_ context.Context, ms uint32) (uint32, error) {
	time.Sleep(time.Duration(ms) * time.Millisecond)
	return ms, nil
}

func (*trust) Burn(_ context.Context, us uint32) error {
	for end := time.Now().Add(time.Duration(us) * time.Microsecond); time.Now().Before(end); {
	}
	return nil
}

func (*trust) Print(_ context.Context, toStdout, toStderr string) error {
	fmt.Fprint(os.Stdout, toStdout)
	fmt.Fprint(os.Stderr, toStderr)
	return nil
}

type trouble struct{}

// codedError is an error with a code.
type codedError struct{ message, code string }

func (e *codedError) Error() string { return e.message }
func (e *codedError) Code() string  { return e.code }

func (trouble) Fail(_ context.Context, message, code string) error {
	if code == "" {
		return errors.New(message)
	}
	return &codedError{message, code}
}

func (trouble) FailWrapped(context.Context) error {
	return fmt.Errorf("reading the list: %w", &fs.PathError{Op: "open", Path: "/nowhere", Err: fs.ErrNotExist})
}

func (trouble) Panic(_ context.Context, message string) error { panic(message) }

func (trouble) PanicInPlace(context.Context) error {
	deep(3)
	return nil
}

//go:noinline
func deep(n int) {
	if n == 0 {
		panic(fmt.Errorf("deep down"))
	}
	deep(n - 1)
}

func (trouble) NilDereference(context.Context) (uint32, error) {
	var c *gen.Chain
	return c.Value, nil
}

func (trouble) Goexit(context.Context) error {
	runtime.Goexit()
	return nil
}

func (trouble) Exit(_ context.Context, code int32) error {
	fmt.Fprintln(os.Stderr, "exiting because it was asked to")
	os.Exit(int(code))
	return nil
}

func (trouble) Fatal(context.Context) error {
	// Unlocking an unlocked mutex is a fatal error of the runtime, not a panic.
	var mu sync.Mutex
	mu.Unlock()
	return nil
}

func (trouble) WriteBorrowed(_ context.Context, p *gen.Payload) error {
	p.Data[0] = 1
	return nil
}

func (trouble) InvalidText(context.Context) (string, error) { return "ab\xffcd", nil }

func (trouble) UnsafeInt(context.Context) (int, error) { return math.MaxInt, nil }

func (trouble) WrongColor(context.Context) (gen.Color, error) { return gen.Color("mauve"), nil }

func (trouble) Cycle(context.Context) (gen.Chain, error) {
	c := gen.Chain{Value: 1}
	c.Next = &c
	return c, nil
}

func (trouble) OnewayPanic(_ context.Context, message string) { panic(message) }

func main() {
	ts2go.Main(gen.ServeTrust(&trust{}), gen.ServeTrouble(trouble{}), gen.ServePatience(&patience{}), gen.ServeStreams(&streams{}), gen.ServeNest(&nest{}), gen.ServeLeases(&leases{}), gen.ServeMix(mix{}), gen.ServeFailures(failures{}),
		gen.ServeContext(&surroundings{later: make(chan later, 1)}), serveGuarded())
}
