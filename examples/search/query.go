package main

import (
	"context"
	"fmt"
	"time"

	"example.test/search/gen"
	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search/query"
)

// queryError is a query that bleve refuses.
type queryError struct {
	// at is the part that is wrong, as one would write it in TypeScript: query.of[1].
	at  string
	err error
}

func (e *queryError) Error() string { return e.at + ": " + e.err.Error() }
func (e *queryError) Unwrap() error { return e.err }
func (e *queryError) Code() string  { return "ERR_QUERY" }

// refused is what bleve says of a query when it searches, if it was not stopped.
func refused(ctx context.Context, at string, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return &queryError{at, err}
}

// queryOf makes bleve's query of ours, and has each part checked where its place is known.
func queryOf(q gen.Query, at string) (query.Query, error) {
	made, err := unchecked(q, at)
	if err != nil {
		return nil, err
	}
	if made, ok := made.(query.ValidatableQuery); ok {
		if err := made.Validate(); err != nil {
			return nil, &queryError{at, err}
		}
	}
	return made, nil
}

func unchecked(q gen.Query, at string) (query.Query, error) {
	switch q := q.(type) {
	case *gen.QueryTyped:
		return bleve.NewQueryStringQuery(q.Text), nil
	case *gen.QueryWords:
		words := bleve.NewMatchQuery(q.Text)
		if q.Every != nil && *q.Every {
			words.SetOperator(query.MatchQueryOperatorAnd)
		}
		if q.Errors != nil {
			words.SetFuzziness(int(*q.Errors))
		}
		return in(q.Field, words), nil
	case *gen.QueryPhrase:
		return in(q.Field, bleve.NewMatchPhraseQuery(q.Text)), nil
	case *gen.QueryPattern:
		return in(q.Field, bleve.NewRegexpQuery(q.Pattern)), nil
	case *gen.QueryTag:
		tag := bleve.NewTermQuery(q.Tag)
		tag.SetField("tags")
		return tag, nil
	case *gen.QueryDates:
		dates := bleve.NewDateRangeQuery(timeOf(q.From), timeOf(q.To))
		dates.SetField("date")
		return dates, nil
	case *gen.QueryAll:
		parts, err := queriesOf(q.Of, at)
		return bleve.NewConjunctionQuery(parts...), err
	case *gen.QueryAny:
		parts, err := queriesOf(q.Of, at)
		any := bleve.NewDisjunctionQuery(parts...)
		if q.Least != nil {
			any.SetMin(float64(*q.Least))
		}
		return any, err
	case *gen.QueryNot:
		part, err := queryOf(q.Query, at+".query")
		not := bleve.NewBooleanQuery()
		not.AddMustNot(part)
		return not, err
	default:
		return nil, &queryError{at, fmt.Errorf("a %T cannot be searched for", q)}
	}
}

func queriesOf(all []gen.Query, at string) ([]query.Query, error) {
	made := make([]query.Query, len(all))
	for i, q := range all {
		var err error
		if made[i], err = queryOf(q, fmt.Sprintf("%s.of[%d]", at, i)); err != nil {
			return nil, err
		}
	}
	return made, nil
}

// in has a query look in one field only, if there is one.
func in[Q interface {
	query.Query
	SetField(string)
}](field *gen.Field, q Q) query.Query {
	if field != nil {
		q.SetField(string(*field))
	}
	return q
}

// timeOf is an end of a range; bleve has the zero time stand for none.
func timeOf(end *time.Time) time.Time {
	if end == nil {
		return time.Time{}
	}
	return *end
}
