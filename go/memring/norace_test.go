//go:build !race

package memring

const fewer = 1

// kinds are the two sorts of memory, each with its own doorbells.
var kinds = []string{"heap", "memfd"}
