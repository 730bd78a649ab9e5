package ts2go

import (
	"context"
	"fmt"
	"reflect"
	"runtime"
	"runtime/debug"
	"strings"

	"x.example/go/image"
)

// Coder gives an error a stable code that TypeScript sees as GoError.code. Errors that wrap it have the same, unless they
// have their own.
type Coder interface{ Code() string }

// panicError is a recovered panic on its way to TypeScript.
type panicError struct {
	value          any
	message, stack string
}

func (s *server) newPanic(value any) *panicError {
	p := &panicError{value: value, stack: trimStack(string(debug.Stack())), message: fmt.Sprint(value)}
	// Go calls every fault a nil pointer dereference; this one has a better name.
	if fault, ok := value.(interface {
		runtime.Error
		Addr() uintptr
	}); ok {
		h := &s.region.Header
		if at := uint64(fault.Addr()) - s.region.Base(); at >= h.RequestArena && at < h.RequestArena+h.RequestArenaSize {
			p.message = "write fault: the handler wrote to a borrowed request, which is read-only; declare the parameter without Borrow to own it"
		}
	}
	return p
}

func (e *panicError) Error() string { return e.message }

// trimStack drops this package's own frames at both ends: the reader wants to see where the handler panicked.
func trimStack(stack string) string {
	header, rest, ok := strings.Cut(stack, "\n")
	if !ok {
		return stack
	}
	if i := strings.Index(rest, "\npanic("); i >= 0 {
		// A frame is two lines: the function and its place.
		lines := strings.SplitN(rest[i+1:], "\n", 3)
		if len(lines) == 3 {
			rest = lines[2]
		}
	}
	rest, _, _ = strings.Cut(rest, "\n"+serveFrame)
	return header + "\n" + rest
}

// serveFrame is how the line of Call.serve begins in a stack.
var serveFrame = reflect.TypeFor[Call]().PkgPath() + ".(*Call).serve("

// fail turns the completion into an error.
func (c *Call) fail(err error) {
	if c.body != noOffset {
		c.server.out.free(c.body)
		c.body = noOffset
	}
	c.done.Kind = kindError
	c.done.Flags = 0
	c.done.Length = 0

	t := describe(err, int(min(maxTexts, c.server.out.arena.max()/2)))
	c.done.Aux = c.failure(err, t.errs)
	z := t.size()
	w, allocErr := c.Alloc(&z, errorImageSize)
	if allocErr != nil {
		// Not even the error fits: it goes without words.
		c.done.Ref, c.done.Length = 0, 0
		return
	}
	t.write(w)
}

// failure says which of the failures it is; chain is what err and what it wraps are.
func (c *Call) failure(err error, chain []error) uint32 {
	if _, ok := err.(*panicError); ok {
		return failurePanic
	}
	for _, e := range chain {
		switch e.(type) {
		case *image.Error:
			return failureRequest
		case *resultError, *image.ResultError:
			return failureResult
		}
		if e == image.ErrInvalidUTF8 || e == image.ErrTooDeep {
			return failureResult
		}
	}
	if c.ctx.Err() == context.DeadlineExceeded {
		for _, e := range chain {
			if e == context.DeadlineExceeded || saysDeadline(e) {
				return failureTimeout
			}
		}
	}
	return failureHandler
}

// saysDeadline is errors.Is for one error.
func saysDeadline(err error) (yes bool) {
	defer func() {
		if recover() != nil {
			yes = false
		}
	}()
	is, ok := err.(interface{ Is(error) bool })
	return ok && is.Is(context.DeadlineExceeded)
}
