// Command grpc is the Go side of gRPC, on TCP or a unix socket. README.md beside this file says why it is written as it
// is.
package main

import (
	"log"

	"example.test/bench/child"
	"example.test/bench/grpc/gen"
	"google.golang.org/grpc"
)

// messageMax is the largest message in bytes: the largest payload and what stands around it.
const messageMax = 17 << 20

func main() {
	listener := child.Listen()
	go child.EndWithParent(listener)
	server := grpc.NewServer(grpc.MaxRecvMsgSize(messageMax))
	gen.RegisterBenchServer(server, bench{})
	gen.RegisterCallBackServer(server, &callBack{})
	log.Fatal(server.Serve(listener))
}
