// Package jsonapi holds the messages of the contenders that speak JSON. Bytes travel as base64, as encoding/json and
// everybody else writes them.
package jsonapi

import "example.test/bench/handlers"

// Request is the argument of any method: each uses the fields that it needs.
type Request struct {
	Users    []handlers.User `json:"users"`
	Balabala []byte          `json:"balabala"`
	Payload  []byte          `json:"payload"`
	Size     uint32          `json:"size"`
}

// Response is the answer of any method.
type Response struct {
	Pass    *bool   `json:"pass,omitempty"`
	Sum     *uint32 `json:"sum,omitempty"`
	Payload *[]byte `json:"payload,omitempty"`
}

// Waits reports whether the handler of a method does not return at once.
func Waits(method string) bool {
	return method == "checkSlowly" || method == "checkLong" || method == "checkBusy"
}

// Call runs the handler of a method and reports whether there is one.
func Call(method string, req *Request) (Response, bool) {
	switch method {
	case "check":
		return passed(handlers.Check(req.Users, req.Balabala)), true
	case "checkSlowly":
		return passed(handlers.CheckSlowly(req.Users, req.Balabala)), true
	case "checkLong":
		return passed(handlers.CheckLong(req.Users, req.Balabala)), true
	case "checkBusy":
		return passed(handlers.CheckBusy(req.Users, req.Balabala)), true
	case "take":
		sum := handlers.Take(req.Payload)
		return Response{Sum: &sum}, true
	case "give":
		payload := handlers.Give(req.Size)
		return Response{Payload: &payload}, true
	case "echo":
		payload := handlers.Echo(req.Payload)
		return Response{Payload: &payload}, true
	}
	return Response{}, false
}

func passed(pass bool) Response { return Response{Pass: &pass} }
