package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"strings"

	"example.test/conformance/gen"
	"x.example/go/ts2go"
)

// details fails with errors that have more than a message, and looks at what TypeScript has thrown.
type details struct{}

// notFoundError has fields, a name of its own for one of them, a code, and what it wraps out of sight.
type notFoundError struct {
	ID    int64 `json:"id"`
	Path  string
	Tags  []string
	inner error
}

func (e *notFoundError) Error() string { return fmt.Sprintf("%d is not at %s", e.ID, e.Path) }
func (e *notFoundError) Code() string  { return "NOT_FOUND" }
func (e *notFoundError) Unwrap() error { return e.inner }

// stepError has what it wraps in a field.
type stepError struct {
	Step string
	Err  error
}

func (e *stepError) Error() string { return e.Step + ": " + e.Err.Error() }
func (e *stepError) Unwrap() error { return e.Err }

// limitError is a value, with a number that a JavaScript number cannot be.
type limitError struct{ Limit uint64 }

func (e limitError) Error() string { return fmt.Sprintf("more than %d", e.Limit) }

// yearError has its own idea of JSON.
type yearError struct{ year int64 }

func (e *yearError) Error() string                { return fmt.Sprint("in ", e.year) }
func (e *yearError) MarshalJSON() ([]byte, error) { return json.Marshal(e.year) }
func (e *yearError) UnmarshalJSON(b []byte) error { return json.Unmarshal(b, &e.year) }

// chattyError has as much to tell as it is told.
type chattyError struct{ Text string }

func (e chattyError) Error() string { return "chatty" }

// endlessError wraps itself.
type endlessError struct{}

func (e *endlessError) Error() string { return "endless" }
func (e *endlessError) Unwrap() error { return e }

// grumpyError panics, whatever it is asked but its message.
type grumpyError struct{ Text string }

func (e *grumpyError) Error() string                { return "grumpy" }
func (e *grumpyError) Code() string                 { panic("no code") }
func (e *grumpyError) Unwrap() error                { panic("no cause") }
func (e *grumpyError) MarshalJSON() ([]byte, error) { panic("no JSON") }

// made is the error that a failure describes.
func made(f *gen.Failure) error {
	var parts []error
	for i := range f.Parts {
		parts = append(parts, made(&f.Parts[i]))
	}
	var inner error
	if len(parts) > 0 {
		inner = parts[0]
	}
	switch f.Kind {
	case "not found":
		return &notFoundError{ID: f.ID, Path: f.Text, Tags: []string{"a", "b"}, inner: inner}
	case "step":
		return &stepError{f.Text, inner}
	case "limit":
		return limitError{uint64(f.ID)}
	case "year":
		return &yearError{f.ID}
	case "path":
		return &fs.PathError{Op: "open", Path: f.Text, Err: fs.ErrNotExist}
	case "canceled":
		return context.Canceled
	case "wrap":
		return fmt.Errorf("%s: %w", f.Text, inner)
	case "wrap both":
		return fmt.Errorf("%w and %w", parts[0], parts[1])
	case "join":
		return errors.Join(parts...)
	case "chatty":
		return chattyError{strings.Repeat("x", int(f.ID))}
	case "endless":
		return &endlessError{}
	case "grumpy":
		return &grumpyError{}
	case "deep":
		err := errors.New("the bottom")
		for i := range f.ID {
			err = fmt.Errorf("level %d: %w", i, err)
		}
		return err
	case "many":
		var all []error
		for i := range f.ID {
			all = append(all, fmt.Errorf("part %d", i))
		}
		return errors.Join(all...)
	}
	return errors.New(f.Text)
}

func (details) FailWith(_ context.Context, f *gen.Failure) error  { return made(f) }
func (details) PanicWith(_ context.Context, f *gen.Failure) error { panic(made(f)) }

func (details) FailingWith(_ context.Context, n uint32, f *gen.Failure) iter.Seq2[uint32, error] {
	failure := made(f)
	return func(yield func(uint32, error) bool) {
		for i := range n {
			if !yield(i, nil) {
				return
			}
		}
		yield(0, failure)
	}
}

func (details) FailTakingWith(_ context.Context, values iter.Seq2[float64, error], f *gen.Failure) error {
	failure := made(f)
	for range values {
		return failure
	}
	return errors.New("nothing came")
}

func (details) Relay(ctx context.Context, how string, wraps uint32) error {
	_, err := gen.HostOf(ctx).Misbehave(ctx, how)
	for i := range wraps {
		err = fmt.Errorf("wrap %d: %w", i, err)
	}
	return err
}

func (details) LookThrough(ctx context.Context, how string) (string, error) {
	_, err := gen.HostOf(ctx).Misbehave(ctx, how)
	var node *ts2go.NodeError
	if !errors.As(err, &node) {
		return "", fmt.Errorf("no NodeError: %T %w", err, err)
	}
	text, err := json.Marshal(node)
	return string(text), err
}

func (details) Find(ctx context.Context, how string) ([]string, error) {
	_, err := gen.HostOf(ctx).Misbehave(ctx, how)
	found := []string{}
	if e := as[*notFoundError](err); e != nil {
		found = append(found, fmt.Sprintf("%T %d %s %v", *e, (*e).ID, (*e).Path, (*e).Tags))
	}
	if e := as[*stepError](err); e != nil {
		found = append(found, fmt.Sprintf("%T %s", *e, (*e).Step))
	}
	if e := as[limitError](err); e != nil {
		found = append(found, fmt.Sprintf("%T %d", *e, e.Limit))
	}
	if e := as[*yearError](err); e != nil {
		found = append(found, fmt.Sprintf("%T %d", *e, (*e).year))
	}
	if e := as[*fs.PathError](err); e != nil {
		found = append(found, fmt.Sprintf("%T %s %s", *e, (*e).Op, (*e).Path))
	}
	if errors.Is(err, context.Canceled) {
		found = append(found, "context.Canceled")
	}
	return found, nil
}

// as is what errors.As finds, or nil.
func as[T error](err error) *T {
	var e T
	if errors.As(err, &e) {
		return &e
	}
	return nil
}
