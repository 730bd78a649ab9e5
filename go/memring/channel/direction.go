package channel

import "x.example/go/memring"

// ToGo is the ring in which Node produces.
func (h *Header) ToGo() memring.Place {
	return memring.Place{Tail: ControlToGoTail, Head: ControlToGoHead, Sleeping: ControlToGoSleeping, Space: ControlToGoSpace, Entries: h.ToGoEntries, Capacity: h.ToGoCapacity}
}

// ToNode is the ring in which Go produces.
func (h *Header) ToNode() memring.Place {
	return memring.Place{Tail: ControlToNodeTail, Head: ControlToNodeHead, Sleeping: ControlToNodeSleeping, Space: ControlToNodeSpace, Entries: h.ToNodeEntries, Capacity: h.ToNodeCapacity}
}
