//go:build amd64 || arm64

package memring

// Pause tells the processor n times that this is a spin loop: it saves power, and leaves the cache line to the peer.
//
//go:noescape
func Pause(n uint32)
