// Command stdio-json is the Go side of JSON lines over standard input and output. README.md beside this file says why it
// is written as it is.
package main

import (
	"bufio"
	"encoding/json"
	"log"
	"os"

	"example.test/bench/child"
	"example.test/bench/jsonapi"
)

const (
	// readSize is how many bytes are read at a time, at most; a line may be longer.
	readSize = 64 << 10
	// gatherSize is how many bytes of answers are gathered before they are passed on.
	gatherSize = 8 << 10
)

type request struct {
	ID     uint32 `json:"id"`
	Method string `json:"method"`
	jsonapi.Request
}

type response struct {
	ID    uint32 `json:"id"`
	Error string `json:"error,omitempty"`
	jsonapi.Response
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, readSize)
	answers := child.NewWriter(os.Stdout)
	var gathered []byte
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return // Node is gone
		}
		var req request
		if err := json.Unmarshal(line, &req); err != nil {
			log.Fatalf("a line that is no request: %v", err)
		}
		if jsonapi.Waits(req.Method) {
			go func() { answers.Append(nothing, answer(nil, &req)) }()
		} else {
			gathered = answer(gathered, &req)
		}
		if len(gathered) > gatherSize || in.Buffered() == 0 && len(gathered) > 0 {
			answers.Append(func(waiting []byte) []byte { return append(waiting, gathered...) }, nil)
			gathered = gathered[:0]
		}
	}
}

// answer runs a request and appends the line that answers it.
func answer(to []byte, req *request) []byte {
	res := response{ID: req.ID}
	var known bool
	if res.Response, known = jsonapi.Call(req.Method, &req.Request); !known {
		res.Error = "no method " + req.Method
	}
	text, err := json.Marshal(&res)
	if err != nil {
		log.Fatal(err)
	}
	return append(append(to, text...), '\n')
}

func nothing(waiting []byte) []byte { return waiting }
