// Command policy is the Go side of the example: it implements the interface that ts2go generated from policy.ts with
// cel-go, a library that knows nothing of TypeScript.
package main

import (
	"context"
	"fmt"
	"iter"
	"sync"

	"example.test/policy/gen"
	"x.example/go/ts2go"
)

// service serves calls from many goroutines at once: a compiled policy can be evaluated by many at a time.
type service struct {
	policies sync.Map // string to *policy
}

// unknownPolicy is a name that no policy was put under.
type unknownPolicy struct{ name string }

func (e *unknownPolicy) Error() string {
	return fmt.Sprintf("there is no policy %q: put it first", e.name)
}
func (e *unknownPolicy) Code() string { return "ERR_NO_POLICY" }

func (s *service) Check(_ context.Context, p *gen.Policy) ([]gen.Issue, error) {
	_, refused, err := compile(p)
	if refused != nil {
		return refused.list, nil
	}
	return nil, err
}

func (s *service) Put(_ context.Context, p *gen.Policy) (gen.Accepted, error) {
	compiled, refused, err := compile(p)
	if refused != nil {
		err = refused
	}
	if err != nil {
		return gen.Accepted{}, err
	}
	s.policies.Store(p.Name, compiled)
	return compiled.accepted, nil
}

func (s *service) Remove(_ context.Context, name string) (bool, error) {
	_, existed := s.policies.LoadAndDelete(name)
	return existed, nil
}

func (s *service) Evaluate(ctx context.Context, name string, variables map[string]gen.Value) (gen.Outcome, error) {
	p, err := s.find(name)
	if err != nil {
		return nil, err
	}
	return p.evaluate(ctx, variables)
}

func (s *service) EvaluateAll(ctx context.Context, name string, each iter.Seq2[map[string]gen.Value, error]) iter.Seq2[gen.Outcome, error] {
	return func(yield func(gen.Outcome, error) bool) {
		p, err := s.find(name)
		if err != nil {
			yield(nil, err)
			return
		}
		for variables, err := range each {
			var outcome gen.Outcome
			if err == nil {
				outcome, err = p.evaluate(ctx, variables)
			}
			if !yield(outcome, err) || err != nil {
				return
			}
		}
	}
}

func (s *service) find(name string) (*policy, error) {
	if p, ok := s.policies.Load(name); ok {
		return p.(*policy), nil
	}
	return nil, &unknownPolicy{name}
}

func main() { ts2go.Main(gen.ServePolicies(&service{})) }
