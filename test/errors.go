package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"reflect"
	"strings"

	"example.test/trust/gen"
	"x.example/go/ts2go"
)

// plan says what an error is made of.
type plan struct {
	Kind  string
	Text  string
	ID    int64
	Cause *plan
	Parts []plan
}

type notFound struct {
	ID    int64  `json:"id"`
	Text  string `json:"text,omitempty"`
	Tags  []string
	Ratio float64
	inner error
}

func (e *notFound) Error() string { return fmt.Sprintf("%d is not found: %s", e.ID, e.Text) }
func (e *notFound) Code() string  { return "NOT_FOUND" }
func (e *notFound) Unwrap() error { return e.inner }

// quota is an error by value.
type quota struct{ Limit uint64 }

func (e quota) Error() string { return fmt.Sprintf("more than %d", e.Limit) }

// gone says all by its type.
type gone struct{}

func (gone) Error() string { return "gone" }

type missing string

func (e missing) Error() string { return "no " + string(e) }

// step has what it wraps in a field.
type step struct {
	Step string
	Err  error
}

func (e *step) Error() string { return e.Step + ": " + e.Err.Error() }
func (e *step) Unwrap() error { return e.Err }

// dated has its own idea of JSON.
type dated struct{ year int64 }

func (e *dated) Error() string                { return fmt.Sprint("in ", e.year) }
func (e *dated) MarshalJSON() ([]byte, error) { return json.Marshal(e.year) }
func (e *dated) UnmarshalJSON(b []byte) error { return json.Unmarshal(b, &e.year) }

// hidden shows nothing of itself.
type hidden struct{ text *string }

func (e *hidden) Error() string { return *e.text }

// The types that are compared after a round trip.
func (p *plan) make() error {
	var cause error
	if p.Cause != nil {
		cause = p.Cause.make()
	}
	switch p.Kind {
	case "notFound":
		return &notFound{ID: p.ID, Text: p.Text, Tags: []string{p.Text, "b"}, Ratio: float64(p.ID) / 8, inner: cause}
	case "quota":
		return quota{uint64(p.ID)}
	case "gone":
		return gone{}
	case "missing":
		return missing(p.Text)
	case "step":
		return &step{p.Text, cause}
	case "dated":
		return &dated{p.ID}
	case "hidden":
		return &hidden{&p.Text}
	case "wrap":
		return fmt.Errorf("%s: %w", p.Text, cause)
	case "join", "both":
		var parts []error
		for _, part := range p.Parts {
			parts = append(parts, part.make())
		}
		if p.Kind == "both" {
			return fmt.Errorf("%w and %w", parts[0], parts[1])
		}
		return errors.Join(parts...)
	case "path":
		return &fs.PathError{Op: "open", Path: p.Text, Err: fs.ErrNotExist}
	case "canceled":
		return context.Canceled
	case "deadline":
		return context.DeadlineExceeded
	case "text":
		return errors.New(p.Text)
	}
	return hostile(p)
}

type chatty struct{ Text string }

func (e chatty) Error() string { return "chatty" }

type strange struct {
	Name string
	Do   func()
}

func (e *strange) Error() string { return e.Name }

type infinite struct{ Limit float64 }

func (e infinite) Error() string { return "infinite" }

type grumpy struct{ Text string }

func (e *grumpy) Error() string                { return "grumpy" }
func (e *grumpy) Code() string                 { panic("no code") }
func (e *grumpy) Unwrap() error                { panic("no cause") }
func (e *grumpy) Is(error) bool                { panic("no sentinel") }
func (e *grumpy) MarshalJSON() ([]byte, error) { panic("no JSON") }

type endless struct{ Text string }

func (e *endless) Error() string                { return "endless" }
func (e *endless) Unwrap() error                { return e }
func (e *endless) MarshalJSON() ([]byte, error) { return nil, errors.New("not today") }

type many []error

func (e many) Error() string   { return "many" }
func (e many) Unwrap() []error { return e }

// looped is JSON in a circle.
type looped struct{ Self *looped }

func (e *looped) Error() string { return "looped" }

// hostile makes errors that nobody should.
func hostile(p *plan) error {
	switch p.Kind {
	case "nil pointer":
		var e *notFound
		return e
	case "huge details":
		return chatty{strings.Repeat("x", 20_000)}
	case "function":
		return &strange{Name: "strange"}
	case "infinity":
		return infinite{math.Inf(1)}
	case "panics":
		return &grumpy{}
	case "endless":
		return &endless{}
	case "looped":
		e := &looped{}
		e.Self = e
		return e
	case "many":
		var e many
		for i := range 100 {
			e = append(e, fmt.Errorf("part %d of %s", i, strings.Repeat("y", 10_000)))
		}
		return e
	case "deep":
		err := errors.New("the bottom")
		for i := range 100 {
			err = fmt.Errorf("level %d: %w", i, err)
		}
		return err
	case "bytes":
		return chatty{"ab\xffcd"}
	}
	return errors.New("ab\xffcd")
}

func read(text string) *plan {
	p := &plan{}
	if err := json.Unmarshal([]byte(text), p); err != nil {
		panic(err)
	}
	return p
}

type failures struct{}

func (failures) Fail(_ context.Context, text string) error { return read(text).make() }

func (failures) Panic(_ context.Context, text string) error { panic(read(text).make()) }

func (failures) Relay(ctx context.Context, id string, wraps uint32) error {
	err := gen.ThrowerOf(ctx).Raise(ctx, id)
	for i := range wraps {
		err = fmt.Errorf("wrap %d: %w", i, err)
	}
	return err
}

func (failures) PanicWith(ctx context.Context, id string) error {
	panic(gen.ThrowerOf(ctx).Raise(ctx, id))
}

func (failures) Look(ctx context.Context, id string) (string, error) {
	text, err := json.Marshal(gen.ThrowerOf(ctx).Raise(ctx, id))
	return string(text), err
}

func (failures) Compare(ctx context.Context, id, text string) (string, error) {
	sent := read(text).make()
	// What wraps it here makes no difference.
	got := fmt.Errorf("here: %w", gen.ThrowerOf(ctx).Raise(ctx, id))
	differ := compareAs[*notFound](sent, got)
	differ = append(differ, compareAs[quota](sent, got)...)
	differ = append(differ, compareAs[gone](sent, got)...)
	differ = append(differ, compareAs[missing](sent, got)...)
	differ = append(differ, compareAs[*step](sent, got)...)
	differ = append(differ, compareAs[*dated](sent, got)...)
	differ = append(differ, compareAs[*fs.PathError](sent, got)...)
	for _, known := range []error{context.Canceled, context.DeadlineExceeded} {
		if was, is := errors.Is(sent, known), errors.Is(got, known); was != is {
			differ = append(differ, fmt.Sprintf("errors.Is %v: was %v, is %v", known, was, is))
		}
	}
	var shy *hidden
	if errors.As(got, &shy) {
		differ = append(differ, "an error was made of nothing")
	}
	var coder ts2go.Coder
	if errors.As(got, &coder) {
		differ = append(differ, "what TypeScript threw is no Coder")
	}
	return strings.Join(differ, "\n"), nil
}

// compareAs finds the first error of type T in both, which has to be the same. Errors in its fields need to say the same.
func compareAs[T error](sent, got error) []string {
	var was, is T
	before, after := errors.As(sent, &was), errors.As(got, &is)
	name := reflect.TypeFor[T]().String()
	if before != after {
		return []string{fmt.Sprintf("%s: found before: %v, after: %v", name, before, after)}
	}
	if !before {
		return nil
	}
	if was.Error() != is.Error() {
		return []string{fmt.Sprintf("%s: said %q, says %q", name, was.Error(), is.Error())}
	}
	if e, ok := any(was).(*notFound); ok {
		// What is not exported does not travel.
		bare := *e
		bare.inner = nil
		was = any(&bare).(T)
	}
	if !reflect.DeepEqual(bare(was), bare(is)) {
		return []string{fmt.Sprintf("%s: was %#v, is %#v", name, was, is)}
	}
	return nil
}

// bare drops what an error wraps.
func bare(err error) error {
	switch e := err.(type) {
	case *step:
		return &step{Step: e.Step}
	case *fs.PathError:
		return &fs.PathError{Op: e.Op, Path: e.Path}
	}
	return err
}

func (failures) Nest(ctx context.Context, depth uint32) error {
	if depth == 0 {
		bottom()
	}
	return gen.ThrowerOf(ctx).Raise(ctx, fmt.Sprintf("nest %d", depth))
}

//go:noinline
func bottom() { panic("the bottom") }
