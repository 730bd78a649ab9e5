package memring

import "fmt"

// HeaderError says which field of a region's header is not what this end expects.
type HeaderError struct {
	Field              string
	Expected, Received any
}

func (e *HeaderError) Error() string {
	return fmt.Sprintf("memring: region header: %s is %v, expected %v", e.Field, e.Received, e.Expected)
}

// DamagedError says that somebody has written what the protocol does not allow. The region is thrown away whole;
// nothing in it is repaired.
type DamagedError struct{ Problem string }

func (e *DamagedError) Error() string { return "memring: damaged region: " + e.Problem }
