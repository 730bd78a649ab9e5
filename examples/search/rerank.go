package main

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"math"
	"slices"

	"example.test/search/gen"
)

// scoreBatch is how many hits the scorer gets at a time: enough to pay for the call, few enough that its thread can do
// something else in between.
const scoreBatch = 100

// scoreError is a scorer whose scores are none.
type scoreError struct{ problem string }

func (e *scoreError) Error() string { return "Scorer.score: " + e.problem }
func (e *scoreError) Code() string  { return "ERR_SCORE" }

// rerank has TypeScript score all hits anew, and gives them in the new order, up to the limit.
func rerank(ctx context.Context, by string, limit *uint32, found iter.Seq2[gen.Hit, error]) iter.Seq2[gen.Hit, error] {
	return func(yield func(gen.Hit, error) bool) {
		var hits []gen.Hit
		for hit, err := range found {
			if err != nil {
				yield(hit, err)
				return
			}
			hits = append(hits, hit)
		}
		for batch := range slices.Chunk(hits, scoreBatch) {
			if err := score(ctx, by, batch); err != nil {
				yield(gen.Hit{}, err)
				return
			}
		}
		slices.SortFunc(hits, func(a, b gen.Hit) int {
			return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID))
		})
		if limit != nil {
			hits = hits[:min(len(hits), int(*limit))]
		}
		for _, hit := range hits {
			if !yield(hit, nil) {
				return
			}
		}
	}
}

func score(ctx context.Context, by string, hits []gen.Hit) error {
	scores, err := gen.ScorerOf(ctx).Score(ctx, by, hits)
	if err != nil {
		return err
	}
	if len(scores) != len(hits) {
		return &scoreError{fmt.Sprintf("expected a score for each of %d hits, got %d", len(hits), len(scores))}
	}
	for i, score := range scores {
		if math.IsNaN(score) {
			return &scoreError{fmt.Sprintf("expected a number for %s, got NaN", hits[i].ID)}
		}
		hits[i].Score = score
	}
	return nil
}
