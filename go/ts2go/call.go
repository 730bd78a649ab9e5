package ts2go

import (
	"context"
	"fmt"

	"x.example/go/image"
	"x.example/go/memring/channel"
)

// Call is one call in the hands of one goroutine. Generated code asks it for the request and for room for the result.
type Call struct {
	server *server
	entry  channel.Entry
	// The handler's context: the server's own, unless the caller may give up.
	ctx    context.Context
	reader image.Reader
	writer image.Writer
	// The streams of a method that has any, and the leases of its result.
	stream *stream
	lender *lender
	// The completion under construction, and its body.
	done channel.Entry
	body uint32
}

// Request returns a reader at the request's image, whose root takes rootSize bytes at offset 0. The image is valid
// until the call has been completed.
func (c *Call) Request(rootSize uint32) *image.Reader {
	c.server.bodyReader(&c.reader, &c.entry, rootSize)
	return &c.reader
}

// bodyReader points r at the body of e.
func (s *server) bodyReader(r *image.Reader, e *channel.Entry, rootSize uint32) {
	if e.Flags&flagInline != 0 {
		// No ref can point into an entry, so the base does not matter.
		r.Reset(e.Inline[:], 0, rootSize)
		return
	}
	h := &s.region.Header
	at, length := e.Ref, uint64(e.Length)
	if at < h.RequestArena || at > h.RequestArena+h.RequestArenaSize || length > h.RequestArena+h.RequestArenaSize-at || at%8 != 0 {
		r.Reset(nil, 0, rootSize)
		r.Fail(fmt.Sprintf("a body of %d bytes at %#x, outside the request arena", length, at))
		return
	}
	r.Reset(s.region.Mem[at:at+length], s.region.Base()+at, rootSize)
}

// LeasedRequest lets the request hold leases, which may lie anywhere in the request arena.
func (c *Call) LeasedRequest(r *image.Reader) {
	r.LeasesFrom(&c.server.requests)
}

// OwnRequest is Request for a handler that keeps all it gets: a small body is copied at once.
func (c *Call) OwnRequest(rootSize uint32) *image.Reader {
	r := c.Request(rootSize)
	r.Own()
	return r
}

// Inline returns a writer for a result that holds no ref and takes at most 40 bytes: it travels in the entry.
func (c *Call) Inline() *image.Writer {
	c.done.Flags = flagInline
	c.done.Length = channel.InlineSize
	c.writer.Reset(c.done.Inline[:], 0, 0)
	return &c.writer
}

// Alloc returns a writer for a result of the size that z has added up. It waits while the response arena is full.
func (c *Call) Alloc(z *image.Sizer, rootSize uint32) (*image.Writer, error) {
	size, err := z.Size()
	if err != nil {
		return nil, &resultError{err}
	}
	at, err := c.server.out.alloc(size)
	if err != nil {
		return nil, &resultError{err}
	}
	c.body = at
	c.done.Ref = uint64(at)
	c.done.Length = uint32(size)
	c.writer.Reset(c.server.region.Mem[at:uint64(at)+size], c.server.region.Base()+uint64(at), rootSize)
	if c.lender != nil {
		c.writer.LendFrom(c.lender)
	}
	return &c.writer, nil
}

// resultError is a fault of the result, as opposed to an error that the handler has returned.
type resultError struct{ cause error }

func (e *resultError) Error() string { return e.cause.Error() }
func (e *resultError) Unwrap() error { return e.cause }

// run serves the call in c.entry and completes it, whatever happens. It is called from many goroutines, one at a time
// for each Call. hidden is how many completions are not visible to Node yet.
func (c *Call) run(publish bool) (hidden uint32) {
	e := &c.entry
	c.body = noOffset
	c.restart()
	if c.server.methods[e.Method].Leases {
		c.beginLeases()
	}
	if err := c.serve(); err != nil {
		c.fail(err)
	}
	return c.complete(publish)
}

func (c *Call) complete(publish bool) (hidden uint32) {
	c.endStream()
	c.endLeases()
	// Before Node can use the call's id again.
	if c.entry.Flags&flagCancellable != 0 {
		c.server.cancels.end(c.entry.CallID)
	}
	hidden, err := c.server.out.complete(&c.done, c.body, publish)
	if err != nil {
		c.server.die(err)
	}
	return hidden
}

// restart begins a completion, without the one that an earlier run of the handler may have left.
func (c *Call) restart() {
	if c.body != noOffset {
		c.server.out.free(c.body)
		c.body = noOffset
	}
	c.done = channel.Entry{Kind: kindResult, Method: c.entry.Method, CallID: c.entry.CallID}
}

func (c *Call) endStream() {
	if c.stream != nil {
		c.server.streams.end(c.entry.CallID)
		c.stream = nil
	}
}

// serve runs the handler, and turns a panic into an error of this call.
func (c *Call) serve() (err error) {
	returned := false
	defer func() {
		if returned {
			return
		}
		if p := recover(); p != nil {
			err = c.server.newPanic(p)
			return
		}
		// runtime.Goexit ends this goroutine and can't be stopped: the call is completed here, on the way out.
		c.fail(c.server.newPanic("the handler called runtime.Goexit"))
		c.complete(true)
	}()
	if c.entry.Flags&(flagMetadata|flagScoped) != 0 {
		err = c.enter()
	}
	if err == nil {
		err = c.server.methods[c.entry.Method].Serve(c.ctx, c)
	}
	returned = true
	return err
}
