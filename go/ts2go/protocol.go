// Code generated from bridge/protocol.json by scripts/gen-layout.mjs. DO NOT EDIT.

package ts2go

const (
	// The version of the call layer.
	protocolVersion = 4
	// Node to Go: a call that wants an answer.
	kindCall = 1
	// Node to Go: a call of which only the end is reported, so that its body can be freed.
	kindOneway = 2
	// Go to Node: the call has returned.
	kindResult = 3
	// Go to Node: the call has failed; aux says how, the body is an error image.
	kindError = 4
	// Both ways: the last entry of this side.
	kindClose = 5
	// Node to Go: the caller of this call has given up; its completion comes all the same. length bytes of the reason stand inline.
	kindCancel = 6
	// Both ways: some items of the call's stream, as the image of a list. Takes one credit. Node's body lives until Go gives the credit back.
	kindItems = 7
	// Both ways: aux more ITEMS of the call's stream may be sent. Node's first one says the window.
	kindCredit = 8
	// Node to Go: the call's argument stream has ended.
	kindEnd = 9
	// Go to Node: a call to a callback, under a call id of Go's. aux is the time in milliseconds after which nobody waits any more, or 0.
	kindGocall = 10
	// Go to Node: a call to a callback of which Go hears nothing more.
	kindGooneway = 11
	// Go to Node: the caller of this GOCALL has given up, and wants no reply. length bytes of the reason stand inline.
	kindGocancel = 12
	// Go to Node: the body of this GOCALL's reply was read, and can be freed.
	kindGodone = 13
	// Node to Go: the callback has returned. A body lives until GODONE.
	kindReply = 14
	// Node to Go: the callback has failed; the body is an error image and lives until GODONE.
	kindReplyerror = 15
	// Node to Go: all leases of one result are given back. aux is their number, from that RESULT.
	kindRelease = 16
	// The body travels in the entry's inline bytes; ref is unused.
	flagInline = 1
	// On a CALL: CANCEL may follow, and of a method with streams always may. aux is the time in milliseconds after which nobody waits any more, or 0.
	flagCancellable = 2
	// On a CALL, ONEWAY, GOCALL or GOONEWAY: the body, never inline, begins with a prefix; the image's root stands behind it.
	flagMetadata = 4
	// On a CALL or ONEWAY: what its handler calls is to name it. On a GOCALL or GOONEWAY: the upper half of ref is the id of the call that it is made on behalf of.
	flagScoped = 8
	// On a RESULT: it has leases, bytes of the response arena outside its body, which stay until RELEASE. aux is their number.
	flagLeased = 16
	// The handler returned an error.
	failureHandler = 1
	// The handler panicked; the error image has the stack.
	failurePanic = 2
	// The request image was not what the method takes.
	failureRequest = 3
	// The result could not be sent.
	failureResult = 4
	// The handler gave up at the call's deadline.
	failureTimeout = 5
	// An error image's root: the list of an error and of what it wraps, as nodes. Each stands behind the one that wraps it, and the first is the error itself.
	errorImageSize = 24
	// A node of an error image: the strings name, message, code, stack, type, details; type is empty for an error of JavaScript, details are JSON. Behind them:
	errorNodeSize = 104
	// The index of the node that wraps this one (u32).
	errorParent = 96
	// How it wraps it (u32): 0 as its cause, 1 as one of several errors that it joins.
	errorJoined = 100
	// What is wrapped deeper than this is left out.
	errorLevels = 16
	// Nodes of an error image at most.
	errorNodes = 32
	// Bytes of a node's details at most: longer ones are left out.
	errorDetails = 16384
	// The prefix of a body with metadata: a slice of strings, keys and values by turns, and padding.
	metadataPrefixSize = 32
	// Pairs of metadata that a call can have.
	metadataPairs = 64
	// Bytes that their keys and values can take together.
	metadataBytes = 8192
	// Where there are callbacks, this part of ring toNode, as a power of two, is left to entries from GOCALL to GODONE; the rest is for completions.
	goShareBits = 1
	// Set in a worker's environment: the version of the call layer.
	workerEnv = "TS2GO_WORKER"
	// Set in a worker's environment: off, adaptive, or the spin budget in microseconds.
	spinEnv = "TS2GO_SPIN"
	// Set in a worker's environment: 1 where the client can adapt to another version of the interface, 0 otherwise.
	compatEnv = "TS2GO_COMPAT"
	// The inherited control socket.
	controlFd = 3
	// The inherited memfd.
	regionFd = 4
	// The inherited doorbell on which Node sleeps.
	nodeDoorbellFd = 5
	// The inherited doorbell on which Go sleeps.
	goDoorbellFd = 6
)
