// Command reference evaluates what policy.test.ts evaluates with cel-go alone: no bridge, and none of the example's code.
//
// It reads cases from stdin, their types and values in the language's own JSON, and writes what becomes of them to stdout.
// With -spec it writes the cases of the language's conformance tests instead, which come with cel-go.
package main

import (
	"encoding/json"
	"flag"
	"log"
	"os"
	"slices"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/cost"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/ext"
	exprpb "cel.dev/expr"
	"google.golang.org/protobuf/encoding/protojson"
)

type testCase struct {
	Name      string                     `json:"name,omitempty"`
	Source    string                     `json:"source"`
	Types     map[string]json.RawMessage `json:"types"`
	Values    map[string]json.RawMessage `json:"values"`
	CostLimit uint64                     `json:"costLimit,string,omitempty"`
}

type issue struct {
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Message string `json:"message"`
}

type result struct {
	Issues  []issue         `json:"issues,omitempty"`
	Type    string          `json:"type,omitempty"`
	Least   uint64          `json:"least,string"`
	Most    uint64          `json:"most,string"`
	Value   json.RawMessage `json:"value,omitempty"`
	Missing []string        `json:"missing,omitempty"`
	Error   string          `json:"error,omitempty"`
	Place   *issue          `json:"place,omitempty"`
	// The cost of going over a map depends on the order that it happens to have.
	Cheapest uint64 `json:"cheapest,string"`
	Dearest  uint64 `json:"dearest,string"`
}

// rounds is how often a case is evaluated again for the range of its costs.
const rounds = 50

func main() {
	spec := flag.Bool("spec", false, "write the language's own tests")
	flag.Parse()
	if *spec {
		check(json.NewEncoder(os.Stdout).Encode(specification(flag.Arg(0))))
		return
	}
	var cases []testCase
	check(json.NewDecoder(os.Stdin).Decode(&cases))
	results := make([]result, len(cases))
	for i := range cases {
		results[i] = evaluate(&cases[i])
	}
	check(json.NewEncoder(os.Stdout).Encode(results))
}

func evaluate(c *testCase) (r result) {
	options := []cel.EnvOption{ext.Strings(), ext.Math(), ext.Lists(), ext.Sets(), ext.Encoders(), ext.Bindings()}
	for name, text := range c.Types {
		var declared exprpb.Type
		check(protojson.Unmarshal(text, &declared))
		t, err := types.ProtoAsType(&declared)
		check(err)
		options = append(options, cel.Variable(name, t))
	}
	env, err := cel.NewEnv(options...)
	check(err)
	checked, issues := env.Compile(c.Source)
	if issues.Err() != nil {
		for _, found := range issues.Errors() {
			r.Issues = append(r.Issues, issue{found.Location.Line(), found.Location.Column() + 1, found.Message})
		}
		return r
	}
	r.Type = checked.OutputType().String()
	estimate, err := env.EstimateCost(checked, estimator{})
	check(err)
	r.Least, r.Most = estimate.Min, estimate.Max

	values := map[string]any{}
	for name, text := range c.Values {
		var given exprpb.Value
		check(protojson.Unmarshal(text, &given))
		values[name], err = cel.ProtoAsValue(types.DefaultTypeAdapter, &given)
		check(err)
	}
	evaluation := []cel.EvalOption{cel.OptTrackCost}
	var variables any = values
	if len(values) < len(c.Types) {
		evaluation = append(evaluation, cel.OptPartialEval)
		variables, err = env.PartialVars(values)
		check(err)
	}
	program := []cel.ProgramOption{cel.EvalOptions(evaluation...)}
	if c.CostLimit > 0 {
		program = append(program, cel.CostLimit(c.CostLimit))
	}
	ready, err := env.Program(checked, program...)
	check(err)
	value, details, err := ready.Eval(variables)
	r.Cheapest, r.Dearest = costOf(details), costOf(details)
	for range rounds {
		_, details, _ := ready.Eval(variables)
		r.Cheapest, r.Dearest = min(r.Cheapest, costOf(details)), max(r.Dearest, costOf(details))
	}
	if err != nil {
		r.Error, r.Place = err.Error(), placeOf(checked.NativeRep().SourceInfo(), err)
		return r
	}
	if unknown, ok := value.(*types.Unknown); ok {
		for _, id := range unknown.IDs() {
			trails, _ := unknown.GetAttributeTrails(id)
			for _, trail := range trails {
				r.Missing = append(r.Missing, trail.String())
			}
		}
		slices.Sort(r.Missing)
		r.Missing = slices.Compact(r.Missing)
		return r
	}
	message, err := cel.ValueAsProto(value)
	check(err)
	r.Value, err = protojson.Marshal(message)
	check(err)
	return r
}

func costOf(details *cel.EvalDetails) uint64 {
	if details == nil || details.ActualCost() == nil {
		return 0
	}
	return *details.ActualCost()
}

func placeOf(places *ast.SourceInfo, err error) *issue {
	failed, ok := err.(*types.Err)
	if !ok || failed.NodeID() == 0 {
		return nil
	}
	at := places.GetStartLocation(failed.NodeID())
	if at.Line() < 1 {
		return nil
	}
	return &issue{Line: at.Line(), Column: at.Column() + 1}
}

type estimator struct{}

func (estimator) EstimateSize(cost.AstNode) *cost.SizeEstimate { return nil }
func (estimator) EstimateCallCost(string, string, *cost.AstNode, []cost.AstNode) *cost.CallEstimate {
	return nil
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
