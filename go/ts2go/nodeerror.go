package ts2go

import (
	"context"
	"encoding/json"
	"reflect"
	"strings"
)

// NodeError is what a method that TypeScript implements has failed with: what it has thrown or rejected with, or why it
// could not be called or its result not be sent. What that error names as its cause is a NodeError too, and so on.
//
// An error that TypeScript got from Go, and has thrown again or named as a cause, is found by errors.As as what it was:
//
//	var missing *NotFound
//	errors.As(err, &missing)
//
// For that, the target's type has to have the name that GoType says, and Details have to fit it: a struct is made anew
// from its exported fields. A field of type error, of which there is one, gets the cause. Other fields are zero; a type
// whose Error method can't do without them is not found. errors.Is knows context.Canceled and
// context.DeadlineExceeded, by type and message.
//
// Of a chain or tree, 32 errors are kept, and 16 levels.
type NodeError struct {
	// The error's name in JavaScript, such as TypeError; empty where something else than an Error was thrown.
	Name string
	// Its message; whatever else was thrown, as a string.
	Message string
	// Its code property, if it has one. ts2go's own: ERR_NOT_PROVIDED (nobody provides the method), ERR_WOULD_BLOCK (the
	// thread is blocked by a sync call), ERR_ENCODE and ERR_BODY_TOO_LARGE (an argument or the result cannot be sent),
	// ERR_DECODE (it cannot be read).
	Code string
	// JavaScript's stack, which begins with name and message.
	Stack string
	// Interface.method, as the interface file has it; empty in a cause.
	Method string
	// If it came to TypeScript from Go: the error's type there, such as *fs.PathError.
	GoType string
	// Its other properties that JSON can say, as an object; of an error that came from Go, its details. nil where there
	// are none, or more than 16 KiB.
	Details json.RawMessage
	// Its cause property, if it has one.
	Cause *NodeError
	// Its errors property, if it has one: the parts of an AggregateError, or of what Go has joined.
	Errors []*NodeError
}

// Error says what JavaScript would, with the method before it. An error that came from Go and is a cause says what it said
// there.
func (e *NodeError) Error() string {
	text := e.Message
	if e.Name != "" && e.Name != "Error" && (e.GoType == "" || e.Method != "") {
		text = e.Name + ": " + text
	}
	if e.Method != "" {
		text = e.Method + ": " + text
	}
	return text
}

// Unwrap returns the cause. Where there are Errors, it returns one error that wraps the cause and them.
func (e *NodeError) Unwrap() error {
	if len(e.Errors) == 0 {
		if e.Cause == nil {
			return nil
		}
		return e.Cause
	}
	var parts nodeErrors
	if e.Cause != nil {
		parts = append(parts, e.Cause)
	}
	for _, part := range e.Errors {
		parts = append(parts, part)
	}
	return parts
}

// nodeErrors is what a NodeError with several parts wraps.
type nodeErrors []error

func (e nodeErrors) Unwrap() []error { return e }
func (e nodeErrors) Error() string {
	texts := make([]string, len(e))
	for i, err := range e {
		texts[i] = err.Error()
	}
	return strings.Join(texts, "\n")
}

// As makes the error anew that TypeScript got from Go, if it is of the target's type. errors.As calls it.
func (e *NodeError) As(target any) bool {
	to := reflect.ValueOf(target).Elem()
	t := to.Type()
	if t.String() != e.GoType || len(e.Details) == 0 {
		return false
	}
	v, ok := rebuild(t, e.Details, e.Unwrap())
	if ok {
		to.Set(v)
	}
	return ok
}

// Is knows the two errors of a context. Others are told apart by their address in Go, which does not travel.
func (e *NodeError) Is(target error) bool {
	switch target {
	case context.Canceled, context.DeadlineExceeded:
		return e.GoType == reflect.TypeOf(target).String() && e.Message == target.Error()
	}
	return false
}
