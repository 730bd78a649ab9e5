// Command reference does the searches of search.test.ts with bleve alone: no bridge, and none of the example's code.
//
// It reads what to add and remove, and searches in bleve's own JSON, from stdin, and writes what bleve finds to stdout.
package main

import (
	"encoding/json"
	"log"
	"os"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/mapping"
)

type input struct {
	Mapping  *mapping.IndexMappingImpl `json:"mapping"`
	Steps    []step                    `json:"steps"`
	Searches []json.RawMessage         `json:"searches"`
}

// step adds a document, or removes one.
type step struct {
	Add    map[string]any `json:"add"`
	Remove string         `json:"remove"`
}

type output struct {
	Result *bleve.SearchResult `json:"result,omitempty"`
	Error  string              `json:"error,omitempty"`
}

func main() {
	in := input{Mapping: bleve.NewIndexMapping()}
	check(json.NewDecoder(os.Stdin).Decode(&in))
	index, err := bleve.NewMemOnly(in.Mapping)
	check(err)
	for _, step := range in.Steps {
		if step.Add != nil {
			check(index.Index(step.Add["id"].(string), step.Add))
		} else {
			check(index.Delete(step.Remove))
		}
	}
	out := make([]output, len(in.Searches))
	for i, text := range in.Searches {
		var request bleve.SearchRequest
		err := json.Unmarshal(text, &request)
		if err == nil {
			err = request.Validate()
		}
		if err == nil {
			out[i].Result, err = index.Search(&request)
		}
		if err != nil {
			out[i].Error = err.Error()
		}
	}
	check(json.NewEncoder(os.Stdout).Encode(out))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
