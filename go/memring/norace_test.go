//go:build !race

package memring

const fewer = 1
