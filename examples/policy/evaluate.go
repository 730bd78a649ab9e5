package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"example.test/policy/gen"
)

// evaluate tells what comes of these variables. An error is only what is no result of the policy: a value that the
// language has not, or a caller that has given up.
func (p *policy) evaluate(ctx context.Context, variables map[string]gen.Value) (gen.Outcome, error) {
	given := make(map[string]any, len(variables))
	for name, variable := range variables {
		value, err := celOf(variable)
		if err != nil {
			return nil, fmt.Errorf("variable %s: %w", name, err)
		}
		given[name] = value
	}
	activation, err := p.env.PartialVars(given)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	result, details, err := p.program.ContextEval(ctx, activation)
	took := time.Since(began)
	cost := costOf(details)
	if err != nil && ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if unknown, ok := result.(*types.Unknown); ok && err == nil {
		return &gen.OutcomeUnknown{Missing: missing(unknown), Cost: cost, Took: took}, nil
	}
	var value gen.Value
	if err == nil {
		value, err = valueOf(result)
	}
	if err != nil {
		return &gen.OutcomeFailed{Message: err.Error(), Place: p.place(err), Cost: cost, Took: took}, nil
	}
	return &gen.OutcomeValue{Value: value, Cost: cost, Took: took}, nil
}

func costOf(details *cel.EvalDetails) uint64 {
	if details == nil {
		return 0
	}
	if cost := details.ActualCost(); cost != nil {
		return *cost
	}
	return 0
}

// place is the part of the policy that an error comes from, if it is one that says so.
func (p *policy) place(err error) *gen.Place {
	var failed *types.Err
	if !errors.As(err, &failed) || failed.NodeID() == 0 {
		return nil
	}
	location := p.places.GetStartLocation(failed.NodeID())
	if location.Line() < 1 {
		return nil
	}
	place := placeOf(location)
	return &place
}

// missing lists what a result hangs on, each part once.
func missing(unknown *types.Unknown) []string {
	var names []string
	for _, id := range unknown.IDs() {
		trails, _ := unknown.GetAttributeTrails(id)
		for _, trail := range trails {
			names = append(names, trail.String())
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
