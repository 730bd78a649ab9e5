package ts2go

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"unicode/utf8"

	"x.example/go/image"
)

// Coder gives an error a stable code that TypeScript sees as GoError.code.
type Coder interface{ Code() string }

// panicError is a recovered panic on its way to TypeScript.
type panicError struct {
	value          any
	message, stack string
}

func (s *server) newPanic(value any) *panicError {
	p := &panicError{value: value, stack: trimStack(string(debug.Stack())), message: fmt.Sprint(value)}
	// Go calls every fault a nil pointer dereference; this one has a better name.
	var fault interface{ Addr() uintptr }
	if err, ok := value.(error); ok && errors.As(err, &fault) {
		h := &s.region.Header
		if at := uint64(fault.Addr()) - s.region.Base(); at >= h.RequestArena && at < h.RequestArena+h.RequestArenaSize {
			p.message = "write fault: the handler wrote to a borrowed request, which is read-only; declare the parameter without Borrow to own it"
		}
	}
	return p
}

func (e *panicError) Error() string { return e.message }

// trimStack drops the frames of this package's own recovery: the reader wants to see where the handler panicked.
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
	return header + "\n" + rest
}

// fail turns the completion into an error.
func (c *Call) fail(err error) {
	if c.body != noOffset {
		c.server.out.free(c.body)
		c.body = noOffset
	}
	c.done.Kind = kindError
	c.done.Flags = 0
	c.done.Length = 0

	message, goType, code, stack := clean(err.Error()), fmt.Sprintf("%T", err), "", ""
	var requestFault *image.Error
	var p *panicError
	var coder Coder
	switch {
	case errors.As(err, &p):
		c.done.Aux = failurePanic
		goType, stack = fmt.Sprintf("%T", p.value), clean(p.stack)
	case errors.As(err, &requestFault):
		c.done.Aux = failureRequest
	case isResultError(err):
		c.done.Aux = failureResult
	case errors.Is(err, context.DeadlineExceeded) && c.ctx.Err() == context.DeadlineExceeded:
		c.done.Aux = failureTimeout
	default:
		c.done.Aux = failureHandler
		// What came from TypeScript keeps its code and its stack, and what came there from Go its type.
		if node := new(NodeError); errors.As(err, &node) {
			code, stack = clean(node.Code), clean(node.Stack)
			if err == error(node) && node.GoType != "" {
				goType = clean(node.GoType)
			}
		}
		if errors.As(err, &coder) {
			code = clean(coder.Code())
		}
	}

	z := image.NewSizer(errorImageSize)
	for _, s := range []string{message, goType, code, stack} {
		z.String(s)
	}
	w, allocErr := c.Alloc(&z, errorImageSize)
	if allocErr != nil {
		// Not even the error fits: it goes without words.
		c.done.Ref, c.done.Length = 0, 0
		return
	}
	for i, s := range []string{message, goType, code, stack} {
		w.String(uint32(i)*16, s)
	}
}

// The longest text of an error that is sent: a message is for people.
const maxText = 64 << 10

// clean makes any text fit to be sent.
func clean(s string) string {
	if len(s) > maxText {
		s = s[:maxText] + "…"
	}
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	return s
}
