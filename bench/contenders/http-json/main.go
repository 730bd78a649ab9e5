// Command http-json is the Go side of JSON over HTTP/1.1. README.md beside this file says why it is written as it is.
package main

import (
	"encoding/json"
	"log"
	"net/http"
	"strconv"

	"example.test/bench/child"
	"example.test/bench/jsonapi"
)

func main() {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /{method}", serve)
	listener := child.Listen()
	go child.EndWithParent(listener)
	log.Fatal((&http.Server{Handler: mux}).Serve(listener))
}

func serve(w http.ResponseWriter, r *http.Request) {
	var req jsonapi.Request
	if err := json.NewDecoder(r.Body).Decode(&req); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	res, known := jsonapi.Call(r.PathValue("method"), &req)
	if !known {
		http.NotFound(w, r)
		return
	}
	body, err := json.Marshal(&res)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	// Known, so that the body is not sent in chunks.
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body)
}
