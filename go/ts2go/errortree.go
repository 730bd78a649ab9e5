package ts2go

import (
	"fmt"
	"runtime"
	"strings"
	"unicode/utf8"
)

// errorNode is one error of a tree: what an error image says of it. Its mirror is Thrown in
// bridge/src/call/callbacks/thrown.ts.
type errorNode struct {
	name, message, code, stack, goType, details string
	parent                                      uint32
	joined                                      bool
}

// errorTree is an error with what it wraps, on its way to TypeScript.
type errorTree struct {
	// Each behind the one that wraps it.
	nodes []errorNode
	// The errors themselves, as far as they were looked at.
	errs []error
	// Bytes of text that may still be sent.
	room int
}

const (
	// The longest text of an error that is sent, in bytes: a message is for people.
	maxText = 64 << 10
	// All texts of a tree, in bytes.
	maxTexts = 128 << 10
)

// describe takes up err and what it wraps, in so many bytes of text. No method of an error can make it fail, or go on for
// ever.
func describe(err error, room int) *errorTree {
	t := &errorTree{room: room}
	if p, ok := err.(*panicError); ok {
		t.nodes = append(t.nodes, errorNode{message: t.text(p.message), goType: t.text(fmt.Sprintf("%T", p.value)), stack: t.text(p.stack)})
		if cause, ok := p.value.(error); ok {
			if _, ok := cause.(runtime.Error); !ok {
				t.add(cause, 0, false, 2)
			}
		}
	} else {
		t.add(err, 0, false, 1)
	}
	t.inheritCodes()
	return t
}

func (t *errorTree) add(err error, parent uint32, joined bool, level int) {
	if err == nil || len(t.nodes) == errorNodes || level > errorLevels {
		return
	}
	t.errs = append(t.errs, err)
	at := uint32(len(t.nodes))
	if e, ok := err.(*NodeError); ok && e != nil {
		t.addThrown(e, parent, joined, level)
		return
	}
	t.nodes = append(t.nodes, errorNode{
		message: t.text(messageOf(err)), goType: t.text(fmt.Sprintf("%T", err)), code: t.text(codeOf(err)),
		details: t.json(detailsOf(err)), parent: parent, joined: joined,
	})
	several, one := unwrap(err)
	t.add(one, at, false, level+1)
	for _, err := range several {
		t.add(err, at, true, level+1)
	}
}

// addThrown takes up an error of TypeScript. If it had come there from Go, it is that error again. Else it is an error of
// Go whose cause is one of JavaScript, with the stack from there.
func (t *errorTree) addThrown(e *NodeError, parent uint32, joined bool, level int) {
	at := uint32(len(t.nodes))
	fromGo := errorNode{message: t.text(messageOf(e)), code: t.text(e.Code), goType: "*ts2go.NodeError", parent: parent, joined: joined}
	if e.GoType != "" {
		fromGo.goType, fromGo.stack, fromGo.details = t.text(e.GoType), t.text(e.Stack), t.json(string(e.Details))
		t.nodes = append(t.nodes, fromGo)
	} else {
		if e.Method != "" || at == 0 {
			t.nodes = append(t.nodes, fromGo)
			level++
			if e.Stack == "" && e.Details == nil && e.Cause == nil && len(e.Errors) == 0 || len(t.nodes) == errorNodes || level > errorLevels {
				return
			}
			parent, joined, at = at, false, at+1
		}
		t.nodes = append(t.nodes, errorNode{
			name: t.text(e.Name), message: t.text(e.Message), code: t.text(e.Code), stack: t.text(e.Stack), details: t.json(string(e.Details)),
			parent: parent, joined: joined,
		})
	}
	if e.Cause != nil {
		t.add(e.Cause, at, false, level+1)
	}
	for _, err := range e.Errors {
		t.add(err, at, true, level+1)
	}
}

// inheritCodes gives an error of Go without a code of its own the first that is found in what it wraps.
func (t *errorTree) inheritCodes() {
	found := make([]string, len(t.nodes))
	for i := len(t.nodes) - 1; i >= 0; i-- {
		n := &t.nodes[i]
		if n.code != "" {
			found[i] = n.code
		}
		if n.goType != "" {
			n.code = found[i]
		}
		// The first child comes last, and has the last word.
		if i > 0 && found[i] != "" {
			found[n.parent] = found[i]
		}
	}
}

// text makes any text fit to be sent.
func (t *errorTree) text(s string) string {
	s = cut(s, min(maxText, t.room))
	t.room = max(0, t.room-len(s))
	return s
}

// json lets details through whole, or not at all.
func (t *errorTree) json(s string) string {
	if len(s) > min(errorDetails, t.room) || !utf8.ValidString(s) {
		return ""
	}
	t.room -= len(s)
	return s
}

// clean makes any text fit to be sent.
func clean(s string) string { return cut(s, maxText) }

func cut(s string, bytes int) string {
	if len(s) > bytes {
		s = s[:bytes] + "…"
	}
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	return s
}

func messageOf(err error) string {
	text, _ := attempt(err, error.Error)
	return text
}

func codeOf(err error) string {
	if coder, ok := err.(Coder); ok {
		if code, ok := attempt(coder, Coder.Code); ok {
			return code
		}
	}
	return ""
}

// attempt calls a method of an error that may panic, as on a nil pointer: then text says that, and ok is false.
func attempt[T any](err T, method func(T) string) (text string, ok bool) {
	defer func() {
		if p := recover(); p != nil {
			text, ok = fmt.Sprintf("(a method of %T panics: %v)", err, p), false
		}
	}()
	return method(err), true
}

// unwrap is errors.Unwrap for both of its forms.
func unwrap(err error) (several []error, one error) {
	defer func() {
		if recover() != nil {
			several, one = nil, nil
		}
	}()
	switch err := err.(type) {
	case interface{ Unwrap() error }:
		one = err.Unwrap()
	case interface{ Unwrap() []error }:
		several = err.Unwrap()
	}
	return several, one
}
