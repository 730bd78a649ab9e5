package ts2go

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"x.example/go/image"
)

type testError struct {
	ID   int64
	Text string `json:"text"`
}

func (e *testError) Error() string { return fmt.Sprint(e.ID, " ", e.Text) }

type valueError struct{ ID int64 }

func (valueError) Error() string { return "value" }

// fullError can't say anything without what is not exported.
type fullError struct {
	ID    int
	inner error
}

func (e *fullError) Error() string { return e.inner.Error() }

type twoErrors struct{ First, Second error }

func (e *twoErrors) Error() string { return "two" }
func (e *twoErrors) Unwrap() error { return e.First }

// otherRules has JSON of its own, of another shape than its fields.
type otherRules struct{ A, B int }

func (*otherRules) Error() string                { return "other" }
func (*otherRules) MarshalJSON() ([]byte, error) { return []byte("[1,2]"), nil }

// sent is what comes back of an error that was sent to TypeScript and thrown there again.
func sent(err error) *NodeError {
	t := describe(err, maxTexts)
	made := make([]NodeError, len(t.nodes))
	for i, n := range t.nodes {
		e := &made[i]
		e.Name, e.Message, e.GoType = n.name, n.message, n.goType
		if n.goType != "" {
			e.Name = "GoError"
		}
		if n.details != "" {
			e.Details = json.RawMessage(n.details)
		}
		if i == 0 {
			continue
		}
		if by := &made[n.parent]; n.joined {
			by.Errors = append(by.Errors, e)
		} else {
			by.Cause = e
		}
	}
	made[0].Method = "Test.method"
	return &made[0]
}

func TestErrorsAsAfterARoundTrip(t *testing.T) {
	var e *testError
	if !errors.As(fmt.Errorf("x: %w", sent(fmt.Errorf("y: %w", &testError{1 << 60, "text"}))), &e) || *e != (testError{1 << 60, "text"}) {
		t.Errorf("got %#v", e)
	}
	var v valueError
	if !errors.As(sent(errors.Join(io.EOF, valueError{7})), &v) || v.ID != 7 {
		t.Errorf("got %#v", v)
	}
	// By value is not by pointer, nor the other way round.
	var pv *valueError
	if errors.As(sent(valueError{7}), &pv) || errors.As(sent(&valueError{7}), &v) {
		t.Error("a pointer was taken for a value")
	}
	var path *fs.PathError
	if !errors.As(sent(&fs.PathError{Op: "open", Path: "/a", Err: fs.ErrNotExist}), &path) || path.Error() != "open /a: file does not exist" {
		t.Errorf("got %v", path)
	}
	// Which of two fields a cause belongs to, nobody knows.
	var two *twoErrors
	if !errors.As(sent(&twoErrors{io.EOF, io.EOF}), &two) || two.First != nil || two.Second != nil {
		t.Errorf("got %#v", two)
	}
}

func TestErrorsAsDoesNotMakeUpErrors(t *testing.T) {
	var full *fullError
	if errors.As(sent(&fullError{1, io.EOF}), &full) {
		t.Errorf("got %#v, which cannot say what it is", full)
	}
	var other *otherRules
	if errors.As(sent(&otherRules{1, 2}), &other) {
		t.Errorf("got %#v from another JSON than that of its fields", other)
	}
	var e *testError
	for _, details := range []string{"", "null", "7", "{", `{"Unknown":1}`, `{"ID":"text"}`, `{"ID":1.5}`, `{"ID":1e30}`} {
		if errors.As(&NodeError{GoType: "*ts2go.testError", Details: json.RawMessage(details)}, &e) && details != "null" {
			t.Errorf("%s has become %#v", details, e)
		}
	}
	if errors.As(&NodeError{GoType: "*main.testError", Details: json.RawMessage(`{"ID":1}`)}, &e) {
		t.Error("a type of another package was taken")
	}
	var coder Coder
	if errors.As(&NodeError{GoType: "ts2go.Coder", Details: json.RawMessage(`{}`)}, &coder) {
		t.Error("an interface was filled")
	}
}

func TestErrorsIsAfterARoundTrip(t *testing.T) {
	for _, known := range []error{context.Canceled, context.DeadlineExceeded} {
		if !errors.Is(sent(fmt.Errorf("x: %w", known)), known) {
			t.Errorf("%v is not found", known)
		}
	}
	if errors.Is(sent(context.Canceled), context.DeadlineExceeded) || errors.Is(sent(io.EOF), io.EOF) || errors.Is(sent(io.EOF), context.Canceled) || errors.Is(&NodeError{Message: "context canceled"}, context.Canceled) {
		t.Error("something else is found")
	}
}

func TestNodeErrorUnwraps(t *testing.T) {
	cause, part := &NodeError{Name: "TypeError", Message: "cause"}, &NodeError{Message: "part", Name: "Error"}
	e := &NodeError{Name: "Error", Message: "whole", Method: "A.b", Cause: cause}
	if errors.Unwrap(e) != error(cause) || e.Error() != "A.b: whole" || cause.Error() != "TypeError: cause" {
		t.Errorf("%v, which wraps %v", e, errors.Unwrap(e))
	}
	e.Errors = []*NodeError{part}
	if !errors.Is(e, cause) || !errors.Is(e, part) || errors.Unwrap(e).Error() != "TypeError: cause\npart" {
		t.Errorf("%v, which wraps %v", e, errors.Unwrap(e))
	}
	if err := (&NodeError{}).Unwrap(); err != nil {
		t.Errorf("an error without a cause wraps %v", err)
	}
}

func TestDetailsOf(t *testing.T) {
	nothing := []error{
		io.EOF, fmt.Errorf("x"), errors.Join(io.EOF), (*testError)(nil), &fullText{strings.Repeat("x", errorDetails)}, sliced{io.EOF},
	}
	for _, err := range nothing {
		if got := detailsOf(err); got != "" {
			t.Errorf("%T has details %.100s", err, got)
		}
	}
	err := &testError{ID: 1}
	got := detailsOf(&twoErrors{err, nil})
	if got != `{"First":null,"Second":null}` {
		t.Errorf("got %s", got)
	}
	if original := (&twoErrors{err, nil}); original.First != error(err) {
		t.Error("it was changed")
	}
}

type fullText struct{ Text string }

func (*fullText) Error() string { return "full" }

type sliced []error

func (sliced) Error() string { return "sliced" }

// encodeTree writes an error image as it is sent.
func encodeTree(t *testing.T, tree *errorTree, base uint64) []byte {
	t.Helper()
	z := tree.size()
	size, err := z.Size()
	if err != nil {
		t.Fatal(err)
	}
	body := make([]byte, size)
	var w image.Writer
	w.Reset(body, base, errorImageSize)
	tree.write(&w)
	if w.Err() != nil {
		t.Fatal(w.Err())
	}
	return body
}

func decodeTree(body []byte, base uint64) (*NodeError, error) {
	var r image.Reader
	r.Reset(body, base, errorImageSize)
	r.Own()
	e := readErrors(&r)
	return e, r.Err()
}

func TestErrorImage(t *testing.T) {
	const base = 7 << 32
	err := fmt.Errorf("%w: %w", &testError{5, "five"}, fmt.Errorf("wrap: %w", &NodeError{
		Name: "TypeError", Message: "from JavaScript", Stack: "TypeError: from JavaScript\n    at x", Method: "A.b", Details: json.RawMessage(`{"n":1}`),
		Errors: []*NodeError{{Name: "Error", Message: "part"}},
	}))
	body := encodeTree(t, describe(err, maxTexts), base)
	got, fault := decodeTree(body, base)
	if fault != nil {
		t.Fatal(fault)
	}
	text := func(e *NodeError) string {
		return strings.Join([]string{e.GoType, e.Name, e.Message, string(e.Details)}, "|")
	}
	js := got.Errors[1].Cause.Cause
	want := []string{
		"*fmt.wrapErrors||" + err.Error() + "|", `*ts2go.testError||5 five|{"ID":5,"text":"five"}`,
		"*fmt.wrapError||wrap: A.b: TypeError: from JavaScript|", "*ts2go.NodeError||A.b: TypeError: from JavaScript|",
		`|TypeError|from JavaScript|{"n":1}`, "|Error|part|",
	}
	if have := []string{text(got), text(got.Errors[0]), text(got.Errors[1]), text(got.Errors[1].Cause), text(js), text(js.Errors[0])}; !reflect.DeepEqual(have, want) {
		t.Errorf("got  %q\nwant %q", have, want)
	}

	// Damaged in any way, it is an error of that call and nothing else.
	random := rand.New(rand.NewPCG(1, 2))
	refused := 0
	for range 20_000 {
		bad := append([]byte(nil), body...)
		for range 1 + random.IntN(3) {
			values := []uint32{random.Uint32(), random.Uint32N(40), random.Uint32N(uint32(len(body))), base >> 32, 0}
			binary.NativeEndian.PutUint32(bad[random.IntN(len(bad)/4)*4:], values[random.IntN(len(values))])
		}
		e, fault := decodeTree(bad, base)
		if fault != nil {
			refused++
			continue
		}
		// Whatever it says, it can be looked through, and be sent.
		_, _ = e.Error(), errors.Is(e, io.EOF)
		var target *testError
		_ = errors.As(e, &target)
		encodeTree(t, describe(e, maxTexts), base)
	}
	if refused < 1000 {
		t.Errorf("only %d damaged images were refused", refused)
	}
}
