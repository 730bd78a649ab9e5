// Command search is the Go side of the example: it implements the interface that ts2go generated from search.ts with
// bleve, a library that knows nothing of TypeScript.
//
// The index lies in memory, or in the folder that is the command's argument; one process at a time can have a folder.
package main

import (
	"context"
	"errors"
	"iter"
	"log"
	"os"

	"example.test/search/gen"
	"github.com/blevesearch/bleve/v2"
	"x.example/go/ts2go"
)

// addBatch is how many documents bleve takes at a time: each batch costs the same work beside its documents'.
const addBatch = 500

// service serves calls from many goroutines at once: bleve's indexes allow that.
type service struct{ index bleve.Index }

func (s *service) Add(_ context.Context, documents iter.Seq2[gen.Document, error]) (uint64, error) {
	var added uint64
	batch := s.index.NewBatch()
	for document, err := range documents {
		if err == nil {
			err = batch.Index(document.ID, fieldsOf(&document))
		}
		if err != nil {
			if lost := s.index.Batch(batch); lost != nil {
				return 0, errors.Join(err, lost)
			}
			return 0, err
		}
		added++
		if batch.Size() == addBatch {
			if err := s.index.Batch(batch); err != nil {
				return 0, err
			}
			batch.Reset()
		}
	}
	return added, s.index.Batch(batch)
}

func (s *service) Remove(_ context.Context, ids []string) error {
	batch := s.index.NewBatch()
	for _, id := range ids {
		batch.Delete(id)
	}
	return s.index.Batch(batch)
}

func (s *service) Count(context.Context) (uint64, error) { return s.index.DocCount() }

func (s *service) Search(ctx context.Context, q gen.Query, options *gen.SearchOptions) iter.Seq2[gen.Hit, error] {
	if options == nil {
		options = &gen.SearchOptions{}
	}
	return func(yield func(gen.Hit, error) bool) {
		found, err := s.find(ctx, q, options)
		if err != nil {
			yield(gen.Hit{}, err)
			return
		}
		defer found.close()
		hits := found.hits()
		if options.Rerank != nil {
			hits = rerank(ctx, options.Rerank.By, options.Limit, hits)
		}
		for hit, err := range hits {
			if !yield(hit, err) {
				return
			}
		}
	}
}

func (s *service) Tags(ctx context.Context, q gen.Query, most uint32) (map[string]uint32, error) {
	wanted, err := queryOf(q, "query")
	if err != nil {
		return nil, err
	}
	request := bleve.NewSearchRequestOptions(wanted, 0, 0, false)
	request.AddFacet("tags", bleve.NewFacetRequest("tags", int(most)))
	result, err := s.index.SearchInContext(ctx, request)
	if err != nil {
		return nil, refused(ctx, "query", err)
	}
	tags := map[string]uint32{}
	if facet := result.Facets["tags"]; facet != nil && facet.Terms != nil {
		for _, term := range facet.Terms.Terms() {
			tags[term.Term] = uint32(term.Count)
		}
	}
	return tags, nil
}

// open makes the index, or opens the one that lies in the folder.
func open(folder string) (bleve.Index, error) {
	if folder == "" {
		return bleve.NewMemOnly(newMapping())
	}
	index, err := bleve.Open(folder)
	if errors.Is(err, bleve.ErrorIndexPathDoesNotExist) {
		return bleve.New(folder, newMapping())
	}
	return index, err
}

func main() {
	folder := ""
	if len(os.Args) > 1 {
		folder = os.Args[1]
	}
	index, err := open(folder)
	if err != nil {
		log.Fatalf("search: %q cannot be opened as an index: %v", folder, err)
	}
	ts2go.Main(gen.ServeIndex(&service{index}))
	if err := index.Close(); err != nil {
		log.Fatalf("search: %v", err)
	}
}
