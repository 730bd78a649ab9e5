// Command peer is the Go end of the conformance suite: see ring/test/peers.md.
package main

import (
	"os"

	"x.example/go/memring/internal/conformance"
)

func main() { os.Exit(conformance.Run(os.Args[1:], os.Stdin, os.Stdout)) }
