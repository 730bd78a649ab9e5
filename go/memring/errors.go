package memring

import "fmt"

// HeaderError says which field of a header is not what this end expects.
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

func (e *DamagedError) Error() string { return "memring: damaged memory: " + e.Problem }

// Code is ERR_RING_DAMAGED.
func (e *DamagedError) Code() string { return "ERR_RING_DAMAGED" }
