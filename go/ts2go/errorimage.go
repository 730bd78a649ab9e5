package ts2go

import (
	"encoding/json"
	"fmt"

	"x.example/go/image"
)

// An error image is the same in both directions. Its mirrors are bridge/src/call/failure.ts, which reads it, and
// bridge/src/call/callbacks/thrown.ts, which writes it.

func (n *errorNode) strings() [6]string {
	return [6]string{n.name, n.message, n.code, n.stack, n.goType, n.details}
}

// size adds up the image; write writes it.
func (t *errorTree) size() image.Sizer {
	z := image.NewSizer(errorImageSize)
	z.List(len(t.nodes), errorNodeSize, 8)
	for i := range t.nodes {
		for _, s := range t.nodes[i].strings() {
			z.String(s)
		}
	}
	return z
}

func (t *errorTree) write(w *image.Writer) {
	first, _ := w.List(0, len(t.nodes), errorNodeSize, 8)
	for i := range t.nodes {
		n := &t.nodes[i]
		at := first + uint32(i)*errorNodeSize
		for k, s := range n.strings() {
			w.String(at+uint32(k)*16, s)
		}
		w.Uint32(at+errorParent, n.parent)
		w.Uint32(at+errorJoined, 0)
		if n.joined {
			w.Uint32(at+errorJoined, 1)
		}
	}
}

// readErrors reads an error image from TypeScript. The reader has the fault, if there is one.
func readErrors(r *image.Reader) *NodeError {
	first, n := r.List(0, errorNodeSize, 8)
	if n == 0 || n > errorNodes {
		r.Fail(fmt.Sprintf("an error image of %d errors", n))
		return nil
	}
	errs := make([]NodeError, n)
	for i := range errs {
		at := first + uint32(i)*errorNodeSize
		e := &errs[i]
		for k, field := range []*string{&e.Name, &e.Message, &e.Code, &e.Stack, &e.GoType} {
			*field = r.String(at + uint32(k)*16)
		}
		if details := []byte(r.String(at + 5*16)); json.Valid(details) {
			e.Details = details
		}
		if i == 0 {
			continue
		}
		parent := r.Uint32(at + errorParent)
		if parent >= uint32(i) {
			r.Fail(fmt.Sprintf("error %d is wrapped by %d, which comes after it", i, parent))
			return nil
		}
		if by := &errs[parent]; r.Uint32(at+errorJoined) != 0 {
			by.Errors = append(by.Errors, e)
		} else {
			by.Cause = e
		}
	}
	return &errs[0]
}
