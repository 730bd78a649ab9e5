package ts2go

import (
	"context"
	"errors"
	"math"
	"sync"
	"time"

	"x.example/go/image"
	"x.example/go/memring/channel"
)

// ErrClosed fails calls to TypeScript whose client has closed, or has given this process up. Calls that were under way may
// have been carried out.
var ErrClosed = errors.New("ts2go: the client of TypeScript that is called is closed")

// Node is the other end of a channel as something to call. Generated code wraps it; it may be used from any goroutine.
type Node struct {
	server *server
	// Calls may come from a handler on the goroutine that reads the ring: somebody else has to read meanwhile.
	reading bool
}

type nodeKey struct{}

// NodeOf returns what the context of a handler says of its caller. It panics where there is none. Generated code calls it.
func NodeOf(ctx context.Context) *Node {
	node, ok := ctx.Value(nodeKey{}).(*Node)
	if !ok {
		panic("ts2go: this context comes from no call: pass the context of a handler, or one derived from it, and keep what you got by it")
	}
	return node
}

// NodeCall is one call to TypeScript, in the hands of one goroutine: between Call and End.
type NodeCall struct {
	node *Node
	ctx  context.Context
	name string
	// What goes with it; nil for most calls.
	metadata Metadata
	// The call under construction, and its body.
	entry  channel.Entry
	body   uint32
	err    error
	writer image.Writer
	reader image.Reader
	reply  channel.Entry
	failed error
	// Node keeps the reply's body until it is told.
	owes bool
	// One signal: reply or failed is set.
	done chan struct{}
}

var spareCalls = sync.Pool{New: func() any { return &NodeCall{done: make(chan struct{}, 1)} }}

// Call begins a call; End ends it.
func (n *Node) Call(ctx context.Context, method uint16, name string) *NodeCall {
	c := spareCalls.Get().(*NodeCall)
	c.node, c.ctx, c.name, c.body = n, ctx, name, noOffset
	c.entry = channel.Entry{Method: method, Flags: flagInline}
	if out := outgoingOf(ctx); out != nil {
		c.leave(out)
	}
	return c
}

// Inline returns a writer for arguments that hold no ref and take at most 40 bytes: they travel in the entry.
func (c *NodeCall) Inline() *image.Writer {
	c.entry.Length = channel.InlineSize
	c.writer.Reset(c.entry.Inline[:], 0, 0)
	return &c.writer
}

// Alloc returns a writer for arguments of the size that z has added up, or nil: then Do says why. It waits while the
// response arena is full, until the context ends.
func (c *NodeCall) Alloc(z *image.Sizer, rootSize uint32) *image.Writer {
	size, err := z.Size()
	if err != nil {
		c.err = c.refuse("ERR_ENCODE", err)
		return nil
	}
	at, ok := c.reserve(size)
	if !ok {
		return nil
	}
	s := c.node.server
	c.writer.Reset(s.region.Mem[at:at+size], s.region.Base()+at, rootSize)
	return &c.writer
}

// reserve makes room for arguments of size bytes in a body, and returns where they go: behind the metadata's prefix, if
// there is any. It waits while the arena is full. Not ok: c.err says why.
func (c *NodeCall) reserve(size uint64) (at uint64, ok bool) {
	if c.err != nil {
		return 0, false
	}
	s := c.node.server
	total, behind := size, (metadataPrefixSize+size+7)&^7
	if c.metadata != nil {
		total = behind + c.metadata.imageSize()
	}
	if total > s.out.arena.max() {
		c.err = c.refuse("ERR_BODY_TOO_LARGE", s.out.tooLarge(total))
		return 0, false
	}
	body, err := s.out.allocFor(c.ctx, total)
	if err != nil {
		c.err = err
		return 0, false
	}
	at = uint64(body)
	c.body = body
	c.entry.Flags &^= flagInline
	c.entry.Ref |= at
	c.entry.Length = uint32(total)
	if c.metadata == nil {
		return at, true
	}
	c.entry.Flags |= flagMetadata
	c.err = c.metadata.writeTo(s.region.Mem[at:at+total], s.region.Base()+at, uint32(behind))
	return at + metadataPrefixSize, c.err == nil
}

// moveOut moves arguments that stand in the entry into a body: metadata has no room beside them.
func (c *NodeCall) moveOut() {
	if at, ok := c.reserve(channel.InlineSize); ok {
		copy(c.node.server.region.Mem[at:at+channel.InlineSize], c.entry.Inline[:])
	}
}

// refuse does not wrap the cause: an image's own errors say something of the call that is being served.
func (c *NodeCall) refuse(code string, cause error) error {
	return &NodeError{Name: "Ts2goError", Message: cause.Error(), Code: code, Method: c.name}
}

// ready says why the call cannot be sent.
func (c *NodeCall) ready() error {
	if c.err == nil {
		if err := c.writer.Err(); err != nil {
			c.err = c.refuse("ERR_ENCODE", err)
		}
	}
	if c.err == nil {
		c.err = c.ctx.Err()
	}
	if c.metadata != nil && c.entry.Flags&flagInline != 0 && c.err == nil {
		c.moveOut()
	}
	return c.err
}

// Do sends the call and waits for its reply, whose image has a root of rootSize bytes. It returns at once with the
// context's error when the context ends.
func (c *NodeCall) Do(rootSize uint32) (*image.Reader, error) {
	if err := c.ready(); err != nil {
		return nil, err
	}
	s := c.node.server
	c.entry.Kind = kindGocall
	if deadline, ok := c.ctx.Deadline(); ok {
		ms := math.Ceil(float64(time.Until(deadline)) / float64(time.Millisecond))
		c.entry.Aux = uint32(min(max(ms, 1), math.MaxInt32))
	}
	if err := s.calls.add(c); err != nil {
		return nil, err
	}
	body := c.body
	c.body = noOffset
	post, err := s.out.post(&c.entry, body, false)
	if err != nil {
		if !s.calls.remove(c) {
			<-c.done
		}
		return nil, c.sendFailed(err)
	}
	if c.node.reading {
		s.standAside()
	}
	select {
	case <-c.done:
	case <-c.ctx.Done():
		if s.calls.remove(c) {
			c.giveUp(post)
			return nil, c.ctx.Err()
		}
		// The reply is here.
		<-c.done
	}
	if c.failed != nil {
		return nil, c.failed
	}
	c.owes = c.reply.Flags&flagInline == 0 && c.reply.Length > 0
	if c.reply.Kind == kindReplyerror {
		return nil, c.thrown()
	}
	s.bodyReader(&c.reader, &c.reply, rootSize)
	if c.owes {
		c.reader.Own()
	}
	return &c.reader, nil
}

func (c *NodeCall) sendFailed(err error) error {
	if errors.Is(err, ErrClosed) {
		return err
	}
	c.node.server.die(err)
	return ErrClosed
}

// giveUp tells Node that nobody waits, unless it never heard of the call.
func (c *NodeCall) giveUp(p *post) {
	s := c.node.server
	if p != nil && s.out.unpost(p) {
		return
	}
	e := channel.Entry{Kind: kindGocancel, Method: c.entry.Method, CallID: c.entry.CallID}
	reason := clean(context.Cause(c.ctx).Error())
	n := copy(e.Inline[:], reason)
	// Whole characters only.
	for n < len(reason) && n > 0 && reason[n]&0xC0 == 0x80 {
		n--
	}
	e.Length = uint32(n)
	s.send(&e)
}

// thrown reads what the method has failed with.
func (c *NodeCall) thrown() error {
	if !c.owes {
		return &NodeError{Method: c.name, Name: "Error", Message: "failed, and the error could not be sent"}
	}
	r := &c.reader
	c.node.server.bodyReader(r, &c.reply, errorImageSize)
	r.Own()
	e := readErrors(r)
	if err := r.Err(); err != nil {
		return c.refuse("ERR_DECODE", err)
	}
	e.Method = c.name
	return e
}

// Read says whether the reply could be read.
func (c *NodeCall) Read() error {
	if err := c.reader.Err(); err != nil {
		return c.refuse("ERR_DECODE", err)
	}
	return nil
}

// Send sends a one-way call. It returns when the call is in the ring, when the context ends, or when there is nobody to
// call any more.
func (c *NodeCall) Send() {
	if c.ready() != nil {
		return
	}
	s := c.node.server
	c.entry.Kind = kindGooneway
	body := c.body
	c.body = noOffset
	p, err := s.out.post(&c.entry, body, true)
	if err != nil {
		_ = c.sendFailed(err)
		return
	}
	if p == nil {
		return
	}
	if c.node.reading {
		s.standAside()
	}
	select {
	case <-p.gone:
	case <-c.ctx.Done():
		s.out.unpost(p)
	}
}

// End gives back what the call holds. What Do returned must not be used any more.
func (c *NodeCall) End() {
	s := c.node.server
	if c.body != noOffset {
		s.out.free(c.body)
	}
	if c.owes {
		s.send(&channel.Entry{Kind: kindGodone, Method: c.entry.Method, CallID: c.entry.CallID})
	}
	done := c.done
	*c = NodeCall{done: done}
	spareCalls.Put(c)
}

// send sends an entry about a call from Go, as soon as there is room; it does not wait.
func (s *server) send(e *channel.Entry) {
	if _, err := s.out.post(e, noOffset, false); err != nil && !errors.Is(err, ErrClosed) {
		s.die(err)
	}
}

// callBack makes the server one whose handlers can call TypeScript. Called before serve.
func (s *server) callBack(callbacks int) {
	s.callbacks = callbacks
	s.out.box = newOutbox(s.region.Header.ToNodeCapacity)
	s.ctx = context.WithValue(s.ctx, nodeKey{}, &Node{server: s})
	s.reading = &Node{server: s, reading: true}
	s.readingCtx = context.WithValue(s.ctx, nodeKey{}, s.reading)
}

// onReader is the context of a handler that runs on the goroutine which reads the ring.
func (s *server) onReader(ctx context.Context) context.Context {
	if ctx == s.ctx {
		return s.readingCtx
	}
	return context.WithValue(ctx, nodeKey{}, s.reading)
}

// onReply takes a reply off the ring.
func (s *server) onReply(e *channel.Entry) error {
	abandoned, err := s.calls.deliver(e)
	if err != nil {
		return err
	}
	if abandoned && e.Flags&flagInline == 0 && e.Length > 0 {
		// The call was given up while its reply was on its way. This does not wait, so it can be done on the goroutine that
		// reads.
		s.send(&channel.Entry{Kind: kindGodone, Method: e.Method, CallID: e.CallID})
	}
	return nil
}

// endCalls fails all calls to TypeScript, now and later.
func (s *server) endCalls(err error) {
	s.calls.end(err)
	s.out.mu.Lock()
	s.out.closeBox(err)
	s.out.mu.Unlock()
}

// InFlight says how many calls to TypeScript wait for an answer, and how many bodies of calls and results Node has not
// read yet: for monitoring, and to find leaks.
func (n *Node) InFlight() (calls, bodies int) {
	out := n.server.out
	out.mu.Lock()
	defer out.mu.Unlock()
	// Damage is found by the next who sends.
	_ = out.reclaim()
	return n.server.calls.count(), out.arena.used
}
