// Package child holds what every contender that runs as a child process of Node does in the same way: it ends when Node
// does, and it says where it listens.
package child

import (
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"path/filepath"
)

// EndWithParent waits for the end of standard input, a pipe that the Node process holds for as long as it lives, and
// ends this process. A socket goes with it, and the folder that Node made for the socket, with the socket of Node's own
// that may be there.
func EndWithParent(listener net.Listener) {
	_, _ = io.Copy(io.Discard, os.Stdin)
	if address, ok := listener.Addr().(*net.UnixAddr); ok {
		_ = os.Remove(address.Name)
		_ = os.Remove(filepath.Join(filepath.Dir(address.Name), "host"))
		_ = os.Remove(filepath.Dir(address.Name))
	}
	os.Exit(0)
}

// Listen listens where the command line says, `unix` and a path or `tcp` and an address, and prints the address that
// it got as the only line on standard output: Node connects when it has read it.
func Listen() net.Listener {
	if len(os.Args) != 3 {
		log.Fatalf("usage: %s unix|tcp address", os.Args[0])
	}
	listener, err := net.Listen(os.Args[1], os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(listener.Addr())
	return listener
}
