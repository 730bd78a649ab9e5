package memring

import (
	"fmt"
)

// Errors that errors.Is finds. What is returned says more; its code, the same in every language, comes from
//
//	var coded interface{ Code() string }
//	errors.As(err, &coded)
//
// The other errors are the types HeaderError, DamagedError, PeerDiedError and MessageTooLongError.
var (
	// ErrInvalidOption: a capacity, an entry type or a way of waiting that does not exist.
	ErrInvalidOption error = errInvalidOption
	// ErrRoleTaken: the queue has a producer, or consumer, already. A role is never given back.
	ErrRoleTaken error = errRoleTaken
	// ErrClosed: this end has been closed, or the consumer has stopped and nobody reads.
	ErrClosed error = errClosed
	// ErrMisuse: calls in an order that makes no sense. Nothing has been done.
	ErrMisuse error = errMisuse
	// ErrNoMemory: memory, address space or file descriptors have run out.
	ErrNoMemory error = errNoMemory
)

var (
	errInvalidOption = &codedError{code: "ERR_RING_INVALID_OPTION", text: "invalid option"}
	errRoleTaken     = &codedError{code: "ERR_RING_ROLE_TAKEN", text: "role taken"}
	errClosed        = &codedError{code: "ERR_RING_CLOSED", text: "closed"}
	errMisuse        = &codedError{code: "ERR_RING_MISUSE", text: "misuse"}
	errNoMemory      = &codedError{code: "ERR_RING_NO_MEMORY", text: "out of memory"}
)

type codedError struct {
	code, text string
	kind       *codedError
	cause      error
}

func (e *codedError) Error() string        { return "memring: " + e.text }
func (e *codedError) Code() string         { return e.code }
func (e *codedError) Is(target error) bool { return e.kind != nil && target == error(e.kind) }
func (e *codedError) Unwrap() error        { return e.cause }

// because is an error of the same kind that says what has happened.
func (e *codedError) because(format string, args ...any) error {
	return &codedError{code: e.code, text: fmt.Sprintf(format, args...), kind: e}
}

// HeaderError says which field of a header, or what about the memory behind it, is not what this end expects.
type HeaderError struct {
	Field              string
	Expected, Received any
}

func (e *HeaderError) Error() string {
	return fmt.Sprintf("memring: header: %s is %v, expected %v", e.Field, e.Received, e.Expected)
}

// Code is ERR_RING_BAD_HEADER.
func (e *HeaderError) Code() string { return "ERR_RING_BAD_HEADER" }

// DamagedError says that somebody has written what the protocol does not allow. The memory is thrown away whole;
// nothing in it is repaired.
type DamagedError struct{ Problem string }

func (e *DamagedError) Error() string {
	return "memring: damaged memory: " + e.Problem + ": throw the queue away"
}

// Code is ERR_RING_DAMAGED.
func (e *DamagedError) Code() string { return "ERR_RING_DAMAGED" }

// PeerDiedError says that the other end was gone before it closed. A consumer has read everything that was published
// before.
type PeerDiedError struct {
	// Role of the one who died: producer or consumer.
	Role string
	// PID as the queue has it: the number may be another process's by now.
	PID uint32
}

func (e *PeerDiedError) Error() string {
	return fmt.Sprintf("memring: the %s, process %d, has ended without closing: start again with a new queue", e.Role, e.PID)
}

// Code is ERR_RING_PEER_DIED.
func (e *PeerDiedError) Code() string { return "ERR_RING_PEER_DIED" }

// MessageTooLongError says that a message can never fit. Both numbers are bytes.
type MessageTooLongError struct{ Length, Max int }

func (e *MessageTooLongError) Error() string {
	return fmt.Sprintf("memring: a message of %d bytes, the longest has %d: make the capacity larger", e.Length, e.Max)
}

// Code is ERR_RING_MESSAGE_TOO_LONG.
func (e *MessageTooLongError) Code() string { return "ERR_RING_MESSAGE_TOO_LONG" }
