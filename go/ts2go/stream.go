package ts2go

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"sync/atomic"

	"x.example/go/image"
	"x.example/go/memring"
	"x.example/go/memring/channel"
)

// Streams travel in batches, each the image of a list, and each takes a credit of the window that Node has reserved room
// for: see bridge/src/call/stream. A batch goes out at once while nothing is on its way; otherwise items gather until Node
// has taken one, or the batch is full: so single items do not wait, and many travel together.

// Items of a batch at most, and the bytes that it is to have about.
const (
	itemsMax   = 256
	batchBytes = 32 << 10
	// No honest peer has more batches on their way than this.
	windowMax = 64
)

// errStreamOver is what an argument stream yields to a handler that has returned.
var errStreamOver = errors.New("ts2go: the stream was read after its handler had returned")

// streams holds the streams of calls in flight, by call id.
type streams struct {
	mu     sync.Mutex
	byCall map[uint32]*stream
}

// stream is the two directions of one call.
type stream struct {
	// Batches that may be sent, and how many there are when none is on its way.
	credit, window atomic.Int32
	// Signalled when credit has come, for a handler that waits for it.
	wake chan struct{}
	// Items that wait for credit, while the handler does something else: flush sends them.
	gathered atomic.Int32
	flush    func()

	// Held while a batch is taken and its credit given: the completion must not come between the two, since to Node an
	// entry of a call that has been completed is damage. Taken before mu, and never by the goroutine that reads the ring:
	// giving credit may have to wait for room.
	taking sync.Mutex

	mu sync.Mutex
	// Guarded by mu: batches of the argument stream that were not read, whether it has ended, and whether the handler has.
	batches []channel.Entry
	ended   bool
	over    bool
	arrived chan struct{}
}

// begin is called by the goroutine that took the call off the ring: what comes for its streams comes later on it.
func (k *streams) begin(callID uint32) *stream {
	st := &stream{wake: make(chan struct{}, 1), arrived: make(chan struct{}, 1)}
	k.mu.Lock()
	if k.byCall == nil {
		k.byCall = map[uint32]*stream{}
	}
	k.byCall[callID] = st
	k.mu.Unlock()
	return st
}

// find returns nil for a call that has been completed: the two have crossed.
func (k *streams) find(callID uint32) *stream {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.byCall[callID]
}

// end forgets a call. It is called before its completion is sent: after it, Node gives the bodies of its batches to
// others.
func (k *streams) end(callID uint32) {
	k.mu.Lock()
	st := k.byCall[callID]
	delete(k.byCall, callID)
	k.mu.Unlock()
	st.taking.Lock()
	defer st.taking.Unlock()
	st.mu.Lock()
	st.over = true
	st.batches = nil
	st.mu.Unlock()
}

func notify(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// onStream takes an entry of a stream off the ring.
func (s *server) onStream(e *channel.Entry) error {
	st := s.streams.find(e.CallID)
	if st == nil {
		return nil
	}
	switch e.Kind {
	case kindCredit:
		if e.Aux > windowMax || st.credit.Load()+int32(e.Aux) > windowMax {
			return &memring.DamagedError{Problem: fmt.Sprintf("credit for %d batches of a stream", e.Aux)}
		}
		// The first one says how many there are.
		st.window.CompareAndSwap(0, int32(e.Aux))
		st.credit.Add(int32(e.Aux))
		notify(st.wake)
		if st.gathered.Load() > 0 {
			// Not on this goroutine, which reads the ring: sending may have to wait for memory.
			go st.flush()
		}
	case kindItems:
		st.mu.Lock()
		defer st.mu.Unlock()
		if st.ended || len(st.batches) == windowMax {
			return &memring.DamagedError{Problem: "items of a stream that has ended, or more than were asked for"}
		}
		if !st.over {
			st.batches = append(st.batches, *e)
		}
		notify(st.arrived)
	case kindEnd:
		st.mu.Lock()
		st.ended = true
		st.mu.Unlock()
		notify(st.arrived)
	}
	return nil
}

// sender gathers the items of a result stream.
type sender[T any] struct {
	ctx   context.Context
	call  *Call
	st    *stream
	size  func(z *image.Sizer, batch []T)
	write func(w *image.Writer, batch []T)

	mu sync.Mutex
	// Guarded by mu.
	batch []T
	limit int
	err   error
	done  bool
}

// SendAll sends the items of a result stream, at most a window of batches ahead of whoever reads them, and returns when
// the last one was sent, with the error that the sequence has yielded, or when the context has ended, with its cause.
// size and write are the encoder of a batch. Generated code calls it.
func SendAll[T any](ctx context.Context, c *Call, items iter.Seq2[T, error], size func(z *image.Sizer, batch []T), write func(w *image.Writer, batch []T)) error {
	o := &sender[T]{ctx: ctx, call: c, st: c.stream, size: size, write: write, limit: itemsMax}
	o.st.flush = o.flushGathered
	returned := false
	defer func() {
		if !returned {
			// A panic, or runtime.Goexit: what was yielded before it arrives before it, as before an error.
			_ = o.sendRest()
		}
		// What flushes in the background must be done before the completion is sent.
		o.stop()
	}()
	err := o.sendAll(items)
	returned = true
	return err
}

func (o *sender[T]) sendAll(items iter.Seq2[T, error]) error {
	if items == nil {
		return nil
	}
	for item, err := range items {
		if err != nil {
			if sendErr := o.sendRest(); sendErr != nil {
				return sendErr
			}
			return err
		}
		if err := o.add(item); err != nil {
			return err
		}
	}
	if err := o.sendRest(); err != nil {
		return err
	}
	// A sequence that has ended because its context has is cut short, and must not look complete.
	return context.Cause(o.ctx)
}

func (o *sender[T]) add(item T) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err != nil {
		return o.err
	}
	o.batch = append(o.batch, item)
	credit := o.st.credit.Load()
	if len(o.batch) < o.limit && (credit == 0 || credit != o.st.window.Load()) {
		// Something is on its way: its credit will send these, if the handler is slow.
		o.st.gathered.Store(int32(len(o.batch)))
		return o.recheck()
	}
	return o.send()
}

// recheck closes the gap between the look at the credit and the store of gathered: credit that came in between has not
// seen that there is something to send.
func (o *sender[T]) recheck() error {
	if credit := o.st.credit.Load(); credit > 0 && credit == o.st.window.Load() {
		return o.send()
	}
	return nil
}

// send sends the batch as soon as there is credit. Called with the lock held.
func (o *sender[T]) send() error {
	o.st.gathered.Store(0)
	for len(o.batch) > 0 {
		if err := context.Cause(o.ctx); err != nil {
			o.err = err
			return err
		}
		if o.st.credit.Load() == 0 {
			o.mu.Unlock()
			select {
			case <-o.st.wake:
			case <-o.ctx.Done():
			}
			o.mu.Lock()
			continue
		}
		if o.err = o.sendBatch(); o.err != nil {
			return o.err
		}
	}
	return nil
}

func (o *sender[T]) sendBatch() error {
	c := o.call
	z := image.NewSizer(listSize)
	o.size(&z, o.batch)
	size, err := z.Size()
	if err != nil {
		return &resultError{err}
	}
	at, err := c.server.out.alloc(size)
	if err != nil {
		return &resultError{err}
	}
	// A writer of its own: the call's is for its completion.
	var w image.Writer
	base := c.server.region.Base()
	w.Reset(c.server.region.Mem[at:uint64(at)+size], base+uint64(at), listSize)
	o.write(&w, o.batch)
	if err := w.Err(); err != nil {
		c.server.out.free(at)
		return err
	}
	o.st.credit.Add(-1)
	entry := channel.Entry{Kind: kindItems, Method: c.entry.Method, CallID: c.entry.CallID, Ref: uint64(at), Length: uint32(size)}
	if _, err := c.server.out.complete(&entry, at, true); err != nil {
		c.server.die(err)
		return err
	}
	o.limit = int(min(max(1, batchBytes*uint64(len(o.batch))/size), itemsMax))
	clear(o.batch)
	o.batch = o.batch[:0]
	return nil
}

func (o *sender[T]) sendRest() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err != nil {
		return o.err
	}
	return o.send()
}

// flushGathered sends what waits while the handler does something else.
func (o *sender[T]) flushGathered() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.done || o.err != nil || len(o.batch) == 0 || o.st.credit.Load() == 0 {
		return
	}
	o.st.gathered.Store(0)
	// The error is the handler's at its next item.
	o.err = o.sendBatch()
}

func (o *sender[T]) stop() {
	o.mu.Lock()
	o.done = true
	o.mu.Unlock()
}

// ReceiveAll is the argument stream of a call, for its handler to range over: each item, or one error and nothing after
// it. It ends when the caller's iterable does, or with the context's cause when the caller has given up. read decodes a
// batch into memory that is the handler's own. It may be left and ranged over again, which goes on behind the batch that
// was begun; not after the handler has returned. Generated code calls it.
func ReceiveAll[T any](ctx context.Context, c *Call, read func(r *image.Reader) []T) iter.Seq2[T, error] {
	s, st, entry := c.server, c.stream, c.entry
	var batch []T
	return func(yield func(T, error) bool) {
		for {
			for len(batch) > 0 {
				item := batch[0]
				batch = batch[1:]
				if !yield(item, nil) {
					return
				}
			}
			var err error
			if batch, err = nextBatch(ctx, s, st, &entry, read); err != nil {
				var zero T
				yield(zero, err)
				return
			}
			if batch == nil {
				return
			}
		}
	}
}

// nextBatch waits for a batch, decodes it and gives its credit back; nil at the end.
func nextBatch[T any](ctx context.Context, s *server, st *stream, call *channel.Entry, read func(r *image.Reader) []T) ([]T, error) {
	for {
		batch, state, err := takeBatch(s, st, call, read)
		if err != nil || len(batch) > 0 {
			return batch, err
		}
		switch state {
		case streamEnded:
			return nil, nil
		case batchTaken:
			// No honest peer sends an empty batch; it would look like the end.
			continue
		}
		select {
		case <-st.arrived:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// batchState is what there is to take.
type batchState int

const (
	nothingYet batchState = iota
	batchTaken
	streamEnded
)

// takeBatch takes the next batch, if it is here.
func takeBatch[T any](s *server, st *stream, call *channel.Entry, read func(r *image.Reader) []T) ([]T, batchState, error) {
	st.taking.Lock()
	defer st.taking.Unlock()
	batch, state, err := decodeBatch(s, st, read)
	if state != batchTaken || err != nil {
		return nil, state, err
	}
	credit := channel.Entry{Kind: kindCredit, Method: call.Method, CallID: call.CallID, Aux: 1}
	if _, err := s.out.complete(&credit, noOffset, true); err != nil {
		s.die(err)
		return nil, state, err
	}
	return batch, state, nil
}

// decodeBatch holds st.mu: until the batch is decoded, its memory must not be given back by a completion.
func decodeBatch[T any](s *server, st *stream, read func(r *image.Reader) []T) ([]T, batchState, error) {
	st.mu.Lock()
	defer st.mu.Unlock()
	switch {
	case st.over:
		return nil, streamEnded, errStreamOver
	case len(st.batches) > 0:
		e := st.batches[0]
		st.batches = st.batches[1:]
		var r image.Reader
		s.bodyReader(&r, &e, listSize)
		batch := read(&r)
		return batch, batchTaken, r.Err()
	case st.ended:
		return nil, streamEnded, nil
	}
	return nil, nothingYet, nil
}

// listSize is the image of a slice: pointer, length, capacity.
const listSize = 24
