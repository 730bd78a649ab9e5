package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"runtime"
	"sync"
	"time"

	"example.test/conformance/gen"
)

type failures struct{}

// codedError is an error with a code.
type codedError struct{ message, code string }

func (e *codedError) Error() string { return e.message }
func (e *codedError) Code() string  { return e.code }

// quotaError is an error that is a value, and not a pointer.
type quotaError int

func (e quotaError) Error() string { return fmt.Sprintf("%d used up", int(e)) }

func (failures) Fail(_ context.Context, message, code string) error {
	if code == "" {
		return errors.New(message)
	}
	return &codedError{message, code}
}

func (failures) Misbehave(_ context.Context, how string) (uint32, error) { return misbehave(how) }

func misbehave(how string) (uint32, error) {
	switch how {
	case "error":
		return 0, errors.New("an ordinary error")
	case "result and error":
		return 7, errors.New("the result does not count")
	case "wrapped":
		return 0, fmt.Errorf("reading the list: %w", &fs.PathError{Op: "open", Path: "/nowhere", Err: fs.ErrNotExist})
	case "wrapped code":
		return 0, fmt.Errorf("while asking: %w", &codedError{"no more", "QUOTA"})
	case "joined":
		return 0, errors.Join(errors.New("the first"), errors.New("the second"))
	case "value":
		return 0, quotaError(9)
	case "empty":
		return 0, errors.New("")
	case "not UTF-8":
		return 0, errors.New("ab\xffcd")
	case "long":
		return 0, errors.New(string(make([]byte, 10<<20)))
	case "canceled":
		return 0, context.Canceled
	case "deadline":
		return 0, context.DeadlineExceeded
	case "panic":
		panic("a string")
	case "panic with an error":
		panic(&codedError{"an error that was thrown", "THROWN"})
	case "panic with a value":
		panic(quotaError(3))
	case "panic with nil":
		panic(nil)
	case "panic deep down":
		deep(3)
	case "nil dereference":
		var c *gen.Chain
		return c.Value, nil
	case "index":
		return []uint32{1}[len(how)], nil
	case "nil map":
		var v gen.Everything
		v.ByName["a"] = 1
	case "division":
		return uint32(1 / (len(how) - len("division"))), nil
	case "goexit":
		runtime.Goexit()
	case "exit":
		fmt.Fprintln(os.Stderr, "exiting because it was asked to")
		os.Exit(7)
	case "fatal":
		// Unlocking an unlocked mutex is a fatal error of the runtime, not a panic.
		var mu sync.Mutex
		mu.Unlock()
	case "panic elsewhere":
		go panic("in a goroutine of nobody's")
		select {}
	}
	return 0, fmt.Errorf("no such misbehaviour: %q", how)
}

//go:noinline
func deep(n int) {
	if n == 0 {
		panic("deep down")
	}
	deep(n - 1)
}

func (failures) InvalidText(context.Context) (string, error)           { return "ab\xffcd", nil }
func (failures) UnsafeInt(context.Context) (int, error)                { return math.MaxInt, nil }
func (failures) WrongColor(context.Context) (gen.Color, error)         { return gen.Color("mauve"), nil }
func (failures) WrongPriority(context.Context) (gen.Priority, error)   { return gen.Priority(11), nil }
func (failures) NoShape(context.Context) (gen.Shape, error)            { return nil, nil }
func (failures) FarDate(context.Context) (time.Time, error)            { return time.Unix(1<<50, 0), nil }
func (failures) WriteBorrowed(_ context.Context, p *gen.Payload) error { p.Data[0] = 1; return nil }

func (failures) Cycle(context.Context) (gen.Chain, error) {
	c := gen.Chain{Value: 1}
	c.Next = &c
	return c, nil
}

func (failures) Zeros(_ context.Context, n uint32) ([]byte, error) { return make([]byte, n), nil }

func (failures) Large(_ context.Context, size uint32, payload []byte) ([]byte, error) {
	answer := make([]byte, size)
	copy(answer, payload)
	return answer, nil
}
