// Command eventfd is the Go end of the bare ping-pong: it waits for the first doorbell and rings the second, nothing
// else. Both are eventfds that it inherits, the first as file 3, the second as file 4.
package main

import (
	"io"
	"log"
	"os"
)

func main() {
	go endWithParent()
	// The files do not block, so reads wait in Go's netpoller, as those of a server do.
	ping, pong := os.NewFile(3, "ping"), os.NewFile(4, "pong")
	var counter [8]byte
	for {
		if _, err := ping.Read(counter[:]); err != nil {
			log.Fatalf("eventfd: %v", err)
		}
		if _, err := pong.Write(counter[:]); err != nil {
			log.Fatalf("eventfd: %v", err)
		}
	}
}

// endWithParent waits for the end of a pipe that the Node process holds for as long as it lives.
func endWithParent() {
	_, _ = io.Copy(io.Discard, os.Stdin)
	os.Exit(0)
}
