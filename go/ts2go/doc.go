// Package ts2go is the Go runtime behind a client that ts2go generated: it takes calls off the ring, runs handlers,
// and sends their results back. A program implements the generated interface and calls Main.
//
//	func main() { ts2go.Main(gen.ServeDemo(demo{})) }
//
// Handlers and interceptors use Metadata, Interceptor, and the errors; what else is exported is for generated code.
//
//	main.go        how a worker starts and ends
//	control.go     the control socket: hello, refusal, damage, the host's death
//	server.go      what a channel is made of
//	reader.go      who reads the ring, and how handlers run without a goroutine each
//	cost.go        which handlers run where
//	spinner.go     the wait before the sleep
//	watchdog.go    what happens if a handler does not return
//	worker.go      the goroutines for handlers that take their time
//	call.go        one call: its request, its result
//	callcontext.go what a handler's context says of its call
//	metadata.go    what goes with a call beside its arguments
//	interceptor.go what stands around handlers
//	completer.go   how results leave: one short critical section
//	arena.go       memory for results
//	node.go        calls to TypeScript, as generated code makes them
//	nodecalls.go   those that wait for a reply
//	outbox.go      their way into the ring, which leaves room for completions
//	failure.go     errors and panics on their way to TypeScript
//	lease.go       bytes that stay after a call
//	errortree.go   what an error wraps, as far as it is sent
//	errorimage.go  how it is sent, in both directions
//	details.go     the fields of an error, as JSON and back
//	nodeerror.go   errors of TypeScript in Go
package ts2go
