package ts2go

import (
	"encoding/json"
	"io"
	"os"
	"sync"
)

// control is the socket to the host: a few lines of JSON at the start and at the end, and its end-of-file, which means
// that the host is gone. The mirror is bridge/src/worker/control.ts.
type control struct {
	mu   sync.Mutex
	file *os.File
}

type hello struct {
	Protocol   int    `json:"protocol"`
	Nonce      string `json:"nonce"`
	SchemaHash string `json:"schemaHash"`
	// The address at which the region is mapped, in hex.
	Base string `json:"base"`
	PID  int    `json:"pid"`
	Go   string `json:"go"`
	// This end's schema, where the other has another version and can adapt to this one.
	Schema string `json:"schema,omitempty"`
}

type refused struct {
	// header, protocol, schema or program.
	Reason string `json:"reason"`
	// For people.
	Message string `json:"message"`
	// This end's schema, so that the other can say what differs.
	Schema string `json:"schema,omitempty"`
}

type message struct {
	Hello   *hello   `json:"hello,omitempty"`
	Refused *refused `json:"refused,omitempty"`
	Damaged string   `json:"damaged,omitempty"`
}

func (c *control) send(m message) {
	line, err := json.Marshal(m)
	if err != nil {
		panic(err) // every field is a string or a number
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	// If the host is gone, nobody wants to know.
	_, _ = c.file.Write(append(line, '\n'))
}

// waitForEnd returns when the host has closed its end, by will or by death.
func (c *control) waitForEnd() {
	_, _ = io.Copy(io.Discard, c.file)
}
