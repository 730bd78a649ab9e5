// Command conformance is the Go side of the conformance suite: a handler for each behaviour that a case looks at.
package main

import (
	"example.test/conformance/gen"
	"x.example/go/ts2go"
)

// conformance is made of a part for each group of the interface.
type conformance struct {
	*gates
	values
	*notes
	failures
	details
	deadlines
	*resultStreams
	*argumentStreams
	*twoWayStreams
	*callbacks
	*leases
	*surroundings
	*worker
}

func main() {
	g, n := &gates{byName: map[string]*gate{}}, newNotes()
	ts2go.Main(gen.ServeConformance(&conformance{
		gates:           g,
		values:          values{kept: &kept{}},
		notes:           n,
		resultStreams:   &resultStreams{g},
		argumentStreams: &argumentStreams{g},
		twoWayStreams:   &twoWayStreams{g},
		callbacks:       &callbacks{g},
		leases:          &leases{g, n},
		surroundings:    &surroundings{g, n},
		worker:          &worker{},
	}), serveGuarded())
}
