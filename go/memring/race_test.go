//go:build race

package memring

// The race detector makes the ends many times slower at looking at each other.
const fewer = 4
