package ts2go

import (
	"context"
	"sync"
	"time"

	"x.example/go/memring/channel"
)

// CanceledError is the cause (context.Cause) of a handler's context whose caller has given up by an AbortSignal or at
// the call's timeout.
type CanceledError struct {
	// What the signal's reason says, cut to 40 bytes.
	Reason string
}

func (e *CanceledError) Error() string { return "canceled by the caller: " + e.Reason }

// cancels ends the contexts of calls that their callers may give up. Other calls are not in it and cost nothing.
type cancels struct {
	mu sync.Mutex
	// Guarded by mu: by call id.
	byCall map[uint32]context.CancelCauseFunc
}

// begin makes the context of a call, on the goroutine that took it off the ring: so a CANCEL, which comes later on the
// same ring, finds it.
func (k *cancels) begin(parent context.Context, e *channel.Entry) context.Context {
	ctx, cancel := context.WithCancelCause(parent)
	if e.Aux != 0 {
		timed, stop := context.WithTimeout(ctx, time.Duration(e.Aux)*time.Millisecond)
		outer := cancel
		ctx, cancel = timed, func(cause error) {
			outer(cause)
			stop()
		}
	}
	k.mu.Lock()
	if k.byCall == nil {
		k.byCall = map[uint32]context.CancelCauseFunc{}
	}
	k.byCall[e.CallID] = cancel
	k.mu.Unlock()
	return ctx
}

// cancel ends the context of a call. One that has been completed is not there any more: the two have crossed.
func (k *cancels) cancel(e *channel.Entry) {
	k.mu.Lock()
	cancel := k.byCall[e.CallID]
	k.mu.Unlock()
	if cancel != nil {
		n := min(e.Length, channel.InlineSize)
		cancel(&CanceledError{Reason: clean(string(e.Inline[:n]))})
	}
}

// end forgets a call that has been completed.
func (k *cancels) end(callID uint32) {
	k.mu.Lock()
	cancel := k.byCall[callID]
	delete(k.byCall, callID)
	k.mu.Unlock()
	if cancel != nil {
		cancel(nil)
	}
}
