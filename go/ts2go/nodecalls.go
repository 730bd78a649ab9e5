package ts2go

import (
	"fmt"
	"sync"

	"x.example/go/memring"
	"x.example/go/memring/channel"
)

// nodeCalls holds the calls from Go that wait for a reply, by call id. Ids are Go's own and count on freely; any number
// of calls can wait.
type nodeCalls struct {
	mu     sync.Mutex
	byID   map[uint32]*NodeCall
	next   uint32
	closed error
}

// add gives a call its id. From here on it is signalled once, unless remove takes it out before.
func (k *nodeCalls) add(c *NodeCall) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.closed != nil {
		return k.closed
	}
	if k.byID == nil {
		k.byID = map[uint32]*NodeCall{}
	}
	// After 2^32 calls one that has waited all the time may still have the id.
	for k.next++; k.byID[k.next] != nil; k.next++ {
	}
	c.entry.CallID = k.next
	k.byID[k.next] = c
	return nil
}

// remove takes a call out, and reports whether it was there: if not, its signal has come or is under way.
func (k *nodeCalls) remove(c *NodeCall) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.byID[c.entry.CallID] != c {
		return false
	}
	delete(k.byID, c.entry.CallID)
	return true
}

// deliver hands a reply to whoever waits for it. abandoned: nobody does any more. It is called by the goroutine that reads
// the ring, and never waits.
func (k *nodeCalls) deliver(e *channel.Entry) (abandoned bool, err error) {
	k.mu.Lock()
	c := k.byID[e.CallID]
	delete(k.byID, e.CallID)
	k.mu.Unlock()
	if c == nil {
		return true, nil
	}
	if method := c.entry.Method; e.Method != method {
		c.failed = ErrClosed
		c.done <- struct{}{}
		return false, &memring.DamagedError{Problem: fmt.Sprintf("a reply of callback %d for call %#x, which was made to %d", e.Method, e.CallID, method)}
	}
	c.reply = *e
	c.done <- struct{}{}
	return false, nil
}

// end fails all calls that wait, and all that come later.
func (k *nodeCalls) end(err error) {
	k.mu.Lock()
	if k.closed == nil {
		k.closed = err
	}
	calls := k.byID
	k.byID = nil
	k.mu.Unlock()
	for _, c := range calls {
		c.failed = err
		c.done <- struct{}{}
	}
}

func (k *nodeCalls) count() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return len(k.byID)
}
