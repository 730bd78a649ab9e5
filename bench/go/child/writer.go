package child

import (
	"io"
	"net"
	"runtime"
	"sync"
)

// Writer collects what goroutines have to say and writes it in as few writes as it can: whoever finds nobody writing
// writes for all.
type Writer struct {
	to io.Writer

	mu      sync.Mutex  // guards the fields below
	pieces  net.Buffers // to be written next, up to a body that is not copied
	waiting []byte      // to be written behind them
	spare   []byte      // was written; its room is used again
	writing bool        // some goroutine will write what is waiting
}

const (
	// copyMax is the longest body in bytes that is cheaper copied than written from where it lies.
	copyMax = 16 << 10
	// spareMax is the largest buffer in bytes that is kept.
	spareMax = 1 << 20
)

// NewWriter returns a Writer that writes to w.
func NewWriter(w io.Writer) *Writer { return &Writer{to: w} }

// Append puts one message behind what is waiting, what head appends and then body, and sees to it that it is written.
// Nobody may write to body any more.
func (w *Writer) Append(head func(waiting []byte) []byte, body []byte) {
	w.mu.Lock()
	w.waiting = head(w.waiting)
	if len(body) <= copyMax {
		w.waiting = append(w.waiting, body...)
	} else {
		w.pieces = append(w.pieces, w.waiting, body)
		w.waiting = nil
	}
	first := !w.writing
	w.writing = true
	w.mu.Unlock()
	if first {
		w.flush()
	}
}

func (w *Writer) flush() {
	// Handlers that are ready to finish come first, so that their answers travel in the same write.
	runtime.Gosched()
	w.mu.Lock()
	for len(w.waiting) > 0 || len(w.pieces) > 0 {
		pieces, last := w.pieces, w.waiting
		w.pieces, w.waiting, w.spare = nil, w.spare, nil
		w.mu.Unlock()
		if w.write(pieces, last) != nil {
			return // Node is gone, and nobody writes any more: w.writing stays
		}
		w.mu.Lock()
		if cap(last) <= spareMax {
			w.spare = last[:0]
		}
	}
	w.writing = false
	w.mu.Unlock()
}

func (w *Writer) write(pieces net.Buffers, last []byte) error {
	if len(pieces) == 0 {
		_, err := w.to.Write(last)
		return err
	}
	pieces = append(pieces, last)
	_, err := pieces.WriteTo(w.to)
	return err
}
