package memring

import (
	"fmt"
	"net"
)

// What the message that brings the fds of a queue says.
const offer = 'Q'

// Offer sends the fds of the queue over a unix socket. It blocks as long as the socket does; the connection's deadline
// ends it. The queue keeps its own fds. Fails with ErrMisuse for a queue on the heap.
func (q *queue) Offer(conn *net.UnixConn) error {
	if q.file == nil {
		return errMisuse.because("a queue on the heap can't be passed on: make it with Create or CreateMessageRing")
	}
	fds := q.Fds()
	_, _, err := conn.WriteMsgUnix([]byte{offer}, rightsFor(fds[:]), nil)
	if err != nil {
		return fmt.Errorf("memring: offer a queue: %w", err)
	}
	return nil
}

// Receive receives the fds of a queue from a unix socket, for Open or OpenMessageRing, which take them over. It blocks
// until they come; the connection's deadline ends it. Fails with a *HeaderError if something else comes.
func Receive(conn *net.UnixConn) (fds [3]int, err error) {
	fds = [3]int{-1, -1, -1}
	var b [1]byte
	// Room for one more than there may be.
	oob := make([]byte, rightsSpace(len(fds)+1))
	n, oobn, _, _, err := conn.ReadMsgUnix(b[:], oob)
	if err != nil {
		return fds, fmt.Errorf("memring: receive a queue: %w", err)
	}
	received := rightsIn(oob[:oobn])
	if n != 1 || b[0] != offer || len(received) != len(fds) {
		closeAll(received)
		return fds, &HeaderError{"offer", fmt.Sprintf("%q with %d fds", offer, len(fds)), fmt.Sprintf("%q with %d fds", b[:n], len(received))}
	}
	return [3]int(received), nil
}
