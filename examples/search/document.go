package main

import (
	"slices"

	"example.test/search/gen"
	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/mapping"
	index "github.com/blevesearch/bleve_index_api"
)

// newMapping says how a document's fields are indexed: nothing of a document is indexed that is not named here.
func newMapping() mapping.IndexMapping {
	english := bleve.NewTextFieldMapping()
	english.Analyzer = en.AnalyzerName
	document := bleve.NewDocumentStaticMapping()
	document.AddFieldMappingsAt("title", english)
	document.AddFieldMappingsAt("text", english)
	document.AddFieldMappingsAt("tags", bleve.NewKeywordFieldMapping())
	document.AddFieldMappingsAt("date", bleve.NewDateTimeFieldMapping())
	m := bleve.NewIndexMapping()
	m.DefaultMapping = document
	// For what looks everywhere: the words of a query have to be taken apart as those of the texts.
	m.DefaultAnalyzer = en.AnalyzerName
	return m
}

// fieldsOf is a document as the mapping names its parts.
func fieldsOf(document *gen.Document) map[string]any {
	fields := map[string]any{"title": document.Title, "text": document.Text, "tags": document.Tags}
	if document.Date != nil {
		fields["date"] = *document.Date
	}
	return fields
}

// fill puts into a hit what the index keeps of its document.
func fill(hit *gen.Hit, document index.Document) {
	var tags []tag
	document.VisitFields(func(field index.Field) {
		switch field.Name() {
		case "title":
			hit.Title = string(field.Value())
		case "tags":
			tags = append(tags, tag{field.ArrayPositions(), string(field.Value())})
		case "date":
			if dated, ok := field.(index.DateTimeField); ok {
				if at, _, err := dated.DateTime(); err == nil {
					hit.Date = &at
				}
			}
		}
	})
	// bleve visits the parts of a list in an order of its own.
	slices.SortFunc(tags, func(a, b tag) int { return slices.Compare(a.at, b.at) })
	for _, tag := range tags {
		hit.Tags = append(hit.Tags, tag.text)
	}
}

type tag struct {
	at   []uint64
	text string
}
