package ts2go

import "context"

// callContext is the context of a handler whose call came with something: one allocation for all of it. Most calls have
// none.
type callContext struct {
	context.Context
	incoming Metadata
	out      outgoing
}

// outgoing is what calls to TypeScript take from their context.
type outgoing struct {
	metadata Metadata
	// The call that they are made on behalf of, and of which channel it is; nil where Node does not ask.
	server *server
	parent uint32
}

type (
	incomingKey struct{}
	outgoingKey struct{}
)

func (c *callContext) Value(key any) any {
	switch key.(type) {
	case incomingKey:
		return c.incoming
	case outgoingKey:
		return &c.out
	}
	return c.Context.Value(key)
}

func outgoingOf(ctx context.Context) *outgoing {
	out, _ := ctx.Value(outgoingKey{}).(*outgoing)
	return out
}

// enter gives the handler a context that says what came with its call.
func (c *Call) enter() error {
	ctx := &callContext{Context: c.ctx}
	if c.entry.Flags&flagScoped != 0 {
		ctx.out = outgoing{server: c.server, parent: c.entry.CallID}
	}
	if c.entry.Flags&flagMetadata != 0 {
		md, err := c.server.takeMetadata(&c.reader, &c.entry)
		if err != nil {
			return err
		}
		ctx.incoming = md
	}
	c.ctx = ctx
	return nil
}

// leave puts into a call to TypeScript what its context says.
func (c *NodeCall) leave(out *outgoing) {
	if out.server == c.node.server {
		c.entry.Flags |= flagScoped
		c.entry.Ref = uint64(out.parent) << 32
	}
	if len(out.metadata) == 0 {
		return
	}
	if err := out.metadata.check(); err != nil {
		c.err = c.refuse("ERR_ENCODE", err)
		return
	}
	c.metadata = out.metadata
}
