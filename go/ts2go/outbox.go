package ts2go

import "x.example/go/memring/channel"

// outbox lets entries of calls from Go through to ring toNode, first in, first out: at most limit of them are in the ring
// and not yet passed by Node's head, so that completions find room (hand-shake 3). Who sends never waits for room: what
// there is none for waits here, and goes when Node has made progress.
//
// It belongs to whoever holds the completer's lock.
type outbox struct {
	limit uint32
	// Where in the ring the entries are that Node may not have passed, a circle of limit places.
	places      []uint32
	first, used uint32
	waiting     []*post
	// Why nothing can be sent any more.
	closed error
}

// post is an entry that waits for room.
type post struct {
	entry   channel.Entry
	body    uint32
	sent    bool
	dropped bool
	// Closed when it has been sent, or never will be: for one-way calls, whose callers wait for that. Others have none.
	gone chan struct{}
}

func newOutbox(capacity uint32) outbox {
	// An honest Node makes it two at least.
	limit := max(1, capacity>>goShareBits)
	return outbox{limit: limit, places: make([]uint32, limit)}
}

// post sends an entry of a call from Go, or keeps it until there is room, and then returns what it is kept as. The body
// is the completer's from here on. Nothing is kept after the end: the error says why.
func (c *completer) post(e *channel.Entry, body uint32, oneway bool) (*post, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.box.closed; err != nil {
		c.drop(body)
		return nil, err
	}
	if len(c.box.waiting) == 0 {
		ok, err := c.tryPost(e, body)
		if err != nil {
			return nil, err
		}
		if ok {
			c.ring.Publish()
			return nil, nil
		}
	}
	p := &post{entry: *e, body: body}
	if oneway {
		p.gone = make(chan struct{})
	}
	c.box.waiting = append(c.box.waiting, p)
	return p, c.pump()
}

// unpost takes back what post has kept, and reports whether it was in time.
func (c *completer) unpost(p *post) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if p.sent {
		return false
	}
	if !p.dropped {
		p.dropped = true
		c.drop(p.body)
	}
	return true
}

func (c *completer) drop(body uint32) {
	if body != noOffset {
		c.arena.release(body)
	}
}

// pump sends what waits, as far as there is room. Called with the lock held.
func (c *completer) pump() error {
	asked := false
	for len(c.box.waiting) > 0 {
		p := c.box.waiting[0]
		if !p.dropped {
			ok, err := c.tryPost(&p.entry, p.body)
			if err != nil {
				return err
			}
			if !ok {
				if asked {
					return nil
				}
				// For entries that it can't see, Node makes no room.
				c.ring.Publish()
				// Hand-shake 2. SYNC POINT: producer waits. Pairs with Node's load of space after its store of head; and then
				// another look, because Node may have missed the flag.
				c.ring.AskForSpace()
				asked = true
				continue
			}
			p.sent = true
			if p.gone != nil {
				close(p.gone)
			}
		}
		c.box.waiting[0] = nil
		c.box.waiting = c.box.waiting[1:]
	}
	c.ring.Publish()
	return nil
}

// tryPost puts an entry into the ring if there is room for it. Called with the lock held.
func (c *completer) tryPost(e *channel.Entry, body uint32) (bool, error) {
	b := &c.box
	if b.used == b.limit {
		head, err := c.ring.Head()
		if err != nil {
			return false, err
		}
		for b.used > 0 && int32(head-b.places[b.first]) > 0 {
			b.first = (b.first + 1) % b.limit
			b.used--
		}
		if b.used == b.limit {
			return false, nil
		}
	}
	at := c.ring.Index()
	slot := at & uint32(len(c.bodies)-1)
	if body != noOffset || c.bodies[slot] != noOffset {
		if err := c.reclaim(); err != nil {
			return false, err
		}
	}
	// Full only with more completions than were admitted to places: calls that callbacks have made, see Slots.lend.
	ok, err := c.ring.Push(e)
	if !ok || err != nil {
		return false, err
	}
	c.bodies[slot] = body
	b.places[(b.first+b.used)%b.limit] = at
	b.used++
	return true, nil
}

// closeBox refuses all calls from here on. Called with the lock held.
func (c *completer) closeBox(err error) {
	if c.box.closed != nil {
		return
	}
	c.box.closed = err
	for _, p := range c.box.waiting {
		if !p.dropped {
			p.dropped = true
			c.drop(p.body)
		}
		if p.gone != nil {
			close(p.gone)
		}
	}
	c.box.waiting = nil
	c.progress.Broadcast()
}
