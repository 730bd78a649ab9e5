// Command peer is the Go end of the conformance suite: see ring/test/peers.md.
package main

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"

	"x.example/go/memring/internal/conformance"
)

func main() {
	// A peer whose parent is killed must not wait for ever: in a push, it does not see that its input has ended.
	if err := unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(unix.SIGKILL), 0, 0, 0); err != nil {
		fmt.Fprintln(os.Stderr, "peer:", err)
		os.Exit(1)
	}
	os.Exit(conformance.Run(os.Args[1:], os.Stdin, os.Stdout))
}
