package main

import (
	"context"
	"iter"

	"example.test/search/gen"
	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/collector"
	"github.com/blevesearch/bleve/v2/search/highlight"
	"github.com/blevesearch/bleve/v2/search/highlight/highlighter/html"
	index "github.com/blevesearch/bleve_index_api"
)

// found is a search that is over: its hits are known, and their documents are read one by one as they are asked for.
type found struct {
	// reader sees the index as it was when the search began, whatever is added meanwhile.
	reader      index.IndexReader
	matches     search.DocumentMatchCollection
	highlighter highlight.Highlighter // nil: no fragments
}

func (f *found) close() { _ = f.reader.Close() } // there is nothing to lose: nothing was written

// find searches once. Bleve's own Search would read and highlight every hit before the first one can be sent.
func (s *service) find(ctx context.Context, q gen.Query, options *gen.SearchOptions) (_ *found, err error) {
	wanted, err := queryOf(q, "query")
	if err != nil {
		return nil, err
	}
	advanced, err := s.index.Advanced()
	if err != nil {
		return nil, err
	}
	f := &found{}
	if f.reader, err = advanced.Reader(); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			f.close()
		}
	}()
	most, err := f.reader.DocCount()
	if err != nil {
		return nil, err
	}
	if options.Rerank != nil {
		// The limit is for what the scorer leaves at the top.
		most = min(most, uint64(options.Rerank.Best))
	} else if options.Limit != nil {
		most = min(most, uint64(*options.Limit))
	}
	if most == 0 {
		return f, nil
	}
	if options.Fragments != nil && *options.Fragments {
		if f.highlighter, err = bleve.Config.Cache.HighlighterNamed(html.Name); err != nil {
			return nil, err
		}
	}
	searcher, err := wanted.Searcher(ctx, f.reader, s.index.Mapping(), search.SearcherOptions{
		IncludeTermVectors: f.highlighter != nil,
	})
	if err != nil {
		return nil, refused(ctx, "query", err)
	}
	defer searcher.Close()
	order := search.SortOrder{&search.SortScore{Desc: true}, &search.SortDocID{}}
	top := collector.NewTopNCollector(int(most), 0, order)
	if err := top.Collect(ctx, searcher, f.reader); err != nil {
		return nil, refused(ctx, "query", err)
	}
	f.matches = top.Results()
	return f, nil
}

// hits reads the documents.
func (f *found) hits() iter.Seq2[gen.Hit, error] {
	return func(yield func(gen.Hit, error) bool) {
		for _, match := range f.matches {
			if !yield(f.hit(match)) {
				return
			}
		}
	}
}

func (f *found) hit(match *search.DocumentMatch) (gen.Hit, error) {
	hit := gen.Hit{ID: match.ID, Score: match.Score}
	document, err := f.reader.Document(match.ID)
	if err != nil {
		return hit, err
	}
	fill(&hit, document)
	if f.highlighter != nil {
		if best := f.highlighter.BestFragmentsInField(match, document, "text", 1); len(best) > 0 {
			hit.Fragment = &best[0]
		}
	}
	return hit, nil
}
