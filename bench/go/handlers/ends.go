package handlers

// endSize is how many bytes at each end [MarkEnds] writes and [TakeEnds] reads: W12 is about handing bytes over, not
// about filling them.
const endSize = 8

// MarkEnds writes the first and the last bytes of a payload, at least sixteen together, and returns it.
func MarkEnds(payload []byte, mark uint8) []byte {
	last := payload[len(payload)-endSize:]
	for i := range endSize {
		payload[i] = mark + uint8(i)
		last[i] = mark + endSize + uint8(i)
	}
	return payload
}

// TakeEnds answers with a number that depends on the first and the last bytes of a payload, and on its length.
func TakeEnds(payload []byte) uint32 {
	sum := uint32(len(payload))
	for _, b := range payload[:endSize] {
		sum = 31*sum + uint32(b)
	}
	for _, b := range payload[len(payload)-endSize:] {
		sum = 31*sum + uint32(b)
	}
	return sum
}
