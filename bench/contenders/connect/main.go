// Command connect is the Go side of Connect, over HTTP/2 without TLS. README.md beside this file says why it is written
// as it is.
package main

import (
	"log"
	"net/http"

	"connectrpc.com/connect/v2"
	"connectrpc.com/connect/v2/connecthttp"
	"example.test/bench/child"
	"example.test/bench/connect/gen/genconnect"
)

const (
	// messageMax is the largest message in bytes: the largest payload and what stands around it.
	messageMax = 17 << 20
	// streamsMax is how many calls may be in flight: net/http's own limit of 250 would make the others wait in Node.
	streamsMax = 1 << 16
)

func main() {
	listener := child.Listen()
	go child.EndWithParent(listener)
	server := connect.NewServer()
	genconnect.RegisterBenchHandler(server, bench{})
	mux := http.NewServeMux()
	connecthttp.Mount(mux, server, connecthttp.WithReadMaxBytes(messageMax))
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetUnencryptedHTTP2(true)
	log.Fatal((&http.Server{
		Handler:   mux,
		Protocols: protocols,
		HTTP2:     &http.HTTP2Config{MaxConcurrentStreams: streamsMax},
	}).Serve(listener))
}
