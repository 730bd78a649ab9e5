package main

import (
	"fmt"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/cost"
	"cel.dev/cel-go/ext"
	"example.test/policy/gen"
)

// interruptEvery is after how many rounds of a comprehension cel looks whether the caller has given up.
const interruptEvery = 1000

// base is the language with cel's own extensions, to which each policy adds its variables.
var base = sync.OnceValues(func() (*cel.Env, error) {
	return cel.NewEnv(ext.Strings(), ext.Math(), ext.Lists(), ext.Sets(), ext.Encoders(), ext.Bindings())
})

// policy is ready to be evaluated, by any number of goroutines.
type policy struct {
	env      *cel.Env
	program  cel.Program
	places   *ast.SourceInfo
	accepted gen.Accepted
}

// issues are why a policy is refused.
type issues struct {
	list []gen.Issue
	text string
}

func (e *issues) Error() string { return e.text }
func (e *issues) Code() string  { return "ERR_POLICY" }

// compile makes a policy ready, or says what is wrong with it.
func compile(p *gen.Policy) (*policy, *issues, error) {
	env, err := newEnv(p.Variables)
	if err != nil {
		return nil, nil, err
	}
	checked, found := env.CompileSource(common.NewStringSource(p.Source, p.Name))
	if found.Err() != nil {
		refused := &issues{text: found.String()}
		for _, issue := range found.Errors() {
			place := placeOf(issue.Location)
			refused.list = append(refused.list, gen.Issue{Line: place.Line, Column: place.Column, Message: issue.Message})
		}
		return nil, refused, nil
	}
	estimate, err := env.EstimateCost(checked, noSizes{})
	if err != nil {
		return nil, nil, err
	}
	options := []cel.ProgramOption{
		// What was not given is unknown, and no error, as long as the result does not hang on it.
		cel.EvalOptions(cel.OptPartialEval, cel.OptTrackCost),
		cel.InterruptCheckFrequency(interruptEvery),
	}
	if p.CostLimit != nil {
		options = append(options, cel.CostLimit(*p.CostLimit))
	}
	program, err := env.Program(checked, options...)
	if err != nil {
		return nil, nil, err
	}
	return &policy{
		env:     env,
		program: program,
		places:  checked.NativeRep().SourceInfo(),
		accepted: gen.Accepted{
			Type: checked.OutputType().String(),
			Cost: gen.AcceptedCost{Least: estimate.Min, Most: estimate.Max},
		},
	}, nil, nil
}

func newEnv(variables map[string]gen.Type) (*cel.Env, error) {
	env, err := base()
	if err != nil {
		return nil, err
	}
	var options []cel.EnvOption
	for name, declared := range variables {
		t, err := typeOf(declared)
		if err != nil {
			return nil, fmt.Errorf("variable %s: %w", name, err)
		}
		options = append(options, cel.Variable(name, t))
	}
	return env.Extend(options...)
}

func typeOf(t gen.Type) (*cel.Type, error) {
	switch t := t.(type) {
	case *gen.TypeScalar:
		return scalarOf(t.Of)
	case *gen.TypeList:
		of, err := typeOf(t.Of)
		return cel.ListType(of), err
	case *gen.TypeMap:
		from, err := scalarOf(t.From)
		if err != nil {
			return nil, err
		}
		to, err := typeOf(t.To)
		return cel.MapType(from, to), err
	default:
		return nil, fmt.Errorf("a %T is no type of the language", t)
	}
}

var scalars = map[gen.Scalar]*cel.Type{
	gen.ScalarNull:      cel.NullType,
	gen.ScalarBool:      cel.BoolType,
	gen.ScalarInt:       cel.IntType,
	gen.ScalarUint:      cel.UintType,
	gen.ScalarDouble:    cel.DoubleType,
	gen.ScalarString:    cel.StringType,
	gen.ScalarBytes:     cel.BytesType,
	gen.ScalarTimestamp: cel.TimestampType,
	gen.ScalarDuration:  cel.DurationType,
	gen.ScalarDyn:       cel.DynType,
}

func scalarOf(name gen.Scalar) (*cel.Type, error) {
	if t, ok := scalars[name]; ok {
		return t, nil
	}
	return nil, fmt.Errorf("%q is no type of the language", name)
}

// placeOf counts columns from 1, as cel's messages do, and not from 0, as its locations.
func placeOf(location common.Location) gen.Place {
	return gen.Place{Line: uint32(max(location.Line(), 0)), Column: uint32(location.Column() + 1)}
}

// noSizes has nothing to say about the sizes of variables, and leaves the cost of functions to cel.
type noSizes struct{}

func (noSizes) EstimateSize(cost.AstNode) *cost.SizeEstimate { return nil }
func (noSizes) EstimateCallCost(string, string, *cost.AstNode, []cost.AstNode) *cost.CallEstimate {
	return nil
}
