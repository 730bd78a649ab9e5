package ts2go

import (
	"context"
	"fmt"
	"slices"
)

// CallInfo says which method an intercepted call is of. It is shared by all calls of the method, and must not be changed.
type CallInfo struct {
	// Interface.method, as the interface file has it.
	Method string
	// Whether the method has a stream among its parameters, or for its result.
	Streams bool
}

// Interceptor stands around the handlers of a service, to log, to measure, to refuse. It runs on the goroutine of the
// handler, with the handler's context: MetadataFrom tells what came with the call. next runs what is inside, with the
// context that it is given; the error that it returns, and that this returns, is the handler's, or one of an interceptor.
//
// It may refuse the call by returning an error without calling next. It may call next again after it has returned, unless
// the method has streams. It may return nil only where the last next has returned nil: nobody else has a result.
type Interceptor func(ctx context.Context, call *CallInfo, next func(context.Context) error) error

// With returns the service with interceptors around each handler, the first of them outermost; those of an earlier With are
// inside. A service without any pays nothing for them.
//
//	ts2go.Main(gen.ServeDemo(demo{}).With(logging, auth))
func (s *Service) With(interceptors ...Interceptor) *Service {
	with := *s
	with.Methods = slices.Clone(s.Methods)
	for i := range with.Methods {
		with.Methods[i].intercept(interceptors)
	}
	return &with
}

func (m *Method) intercept(interceptors []Interceptor) {
	info := &CallInfo{Method: m.Name, Streams: m.Streams}
	handle := m.Serve
	m.Serve = func(ctx context.Context, c *Call) error {
		// Whether the last run of the handler has left a result.
		called, served := false, false
		next := func(ctx context.Context) error {
			if called && info.Streams {
				return fmt.Errorf("ts2go: an interceptor has called next twice for %s, whose streams cannot be read or sent again", info.Method)
			}
			if called {
				c.restart()
			}
			called, served = true, false
			err := handle(ctx, c)
			served = err == nil
			return err
		}
		for _, interceptor := range slices.Backward(interceptors) {
			inner := next
			next = func(ctx context.Context) error { return interceptor(ctx, info, inner) }
		}
		if err := next(ctx); err != nil || served {
			return err
		}
		return fmt.Errorf("ts2go: an interceptor of %s has returned nil, but there is no result: its last next was not called or has failed", info.Method)
	}
}
