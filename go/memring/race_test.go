//go:build race

package memring

// The race detector makes the ends many times slower at looking at each other.
const fewer = 4

// Not memfd: outside the Go heap the race detector makes every atomic store a release store only, without the order
// between that store and the next load which a sleeping end needs. Two ends then lose wake-ups that the code does not.
var kinds = []string{"heap"}
