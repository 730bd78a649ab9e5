package memring

// Direction says where the words and entries of one ring lie, in bytes from the region's start.
type Direction struct {
	Tail, Head, Sleeping, Space uint64
	Entries                     uint64
	// Capacity in entries: a power of two.
	Capacity uint32
}

// ToGo is the ring in which Node produces.
func (h *Header) ToGo() Direction {
	return Direction{ControlToGoTail, ControlToGoHead, ControlToGoSleeping, ControlToGoSpace, h.ToGoEntries, h.ToGoCapacity}
}

// ToNode is the ring in which Go produces.
func (h *Header) ToNode() Direction {
	return Direction{ControlToNodeTail, ControlToNodeHead, ControlToNodeSleeping, ControlToNodeSpace, h.ToNodeEntries, h.ToNodeCapacity}
}
