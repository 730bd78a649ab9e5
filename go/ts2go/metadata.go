package ts2go

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"unicode/utf8"

	"x.example/go/image"
	"x.example/go/memring/channel"
)

// Metadata goes with a call beside its arguments: a tenant, a token, the ids of a trace. Keys are lower-case tokens, as
// the names of HTTP/2 headers; values are any UTF-8. A call has at most 64 pairs, of 8 KiB together.
//
// With Get, Set and Keys it is what OpenTelemetry calls a TextMapCarrier: a propagator reads it and writes to it.
type Metadata map[string]string

// Get returns the value of a key, which is made lower-case first; "" where there is none.
func (m Metadata) Get(key string) string { return m[strings.ToLower(key)] }

// Set sets the value of a key, which is made lower-case first.
func (m Metadata) Set(key, value string) { m[strings.ToLower(key)] = value }

// Keys returns all keys in order.
func (m Metadata) Keys() []string { return image.Keys(m) }

// MetadataFrom returns what came with the call whose handler has this context; nil where nothing did. All who ask get the
// same map: it must not be changed, and may be kept.
func MetadataFrom(ctx context.Context) Metadata {
	md, _ := ctx.Value(incomingKey{}).(Metadata)
	return md
}

// WithMetadata returns a context whose calls to TypeScript carry md, besides what ctx gives them already: of a key in both,
// md has the value. What came from TypeScript does not go back by itself: pass MetadataFrom(ctx) for that. md is copied.
//
// A call whose metadata does not keep to the rules of Metadata fails with a *NodeError of code ERR_ENCODE.
func WithMetadata(ctx context.Context, md Metadata) context.Context {
	var out outgoing
	if outer := outgoingOf(ctx); outer != nil {
		out = *outer
	}
	all := make(Metadata, len(out.metadata)+len(md))
	maps.Copy(all, out.metadata)
	maps.Copy(all, md)
	out.metadata = all
	return context.WithValue(ctx, outgoingKey{}, &out)
}

// check says what keeps m from being sent.
func (m Metadata) check() error {
	if len(m) > metadataPairs {
		return fmt.Errorf("ts2go: metadata: expected at most %d pairs, got %d", metadataPairs, len(m))
	}
	bytes := 0
	for key, value := range m {
		if !isToken(key) {
			return fmt.Errorf("ts2go: metadata: the key %q: expected lower-case letters, digits and any of !#$%%&'*+-.^_`|~", key)
		}
		if !utf8.ValidString(value) {
			return fmt.Errorf("ts2go: metadata: the value of %q: expected UTF-8, got %q", key, value)
		}
		bytes += len(key) + len(value)
	}
	if bytes > metadataBytes {
		return fmt.Errorf("ts2go: metadata: expected at most %d bytes of keys and values together, got %d", metadataBytes, bytes)
	}
	return nil
}

func isToken(key string) bool {
	for i := range len(key) {
		c := key[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && !strings.ContainsRune("!#$%&'*+-.^_`|~", rune(c)) {
			return false
		}
	}
	return key != ""
}

// The prefix of a body with metadata is a slice of strings, keys and values by turns.
const stringSize, stringAlign = 16, 8

// takeMetadata reads the prefix of the body of e, and makes e one without it. The prefix is as little trusted as the rest.
func (s *server) takeMetadata(r *image.Reader, e *channel.Entry) (Metadata, error) {
	if e.Flags&flagInline != 0 {
		return nil, &image.Error{Problem: "metadata of a call whose body is in its entry"}
	}
	s.bodyReader(r, e, metadataPrefixSize)
	first, n := r.List(0, stringSize, stringAlign)
	if n%2 != 0 || n > 2*metadataPairs {
		r.Fail(fmt.Sprintf("metadata of %d strings", n))
	}
	if err := r.Err(); err != nil {
		return nil, err
	}
	md := make(Metadata, n/2)
	for at, end := first, first+uint32(n)*stringSize; at < end; at += 2 * stringSize {
		md[r.String(at)] = r.String(at + stringSize)
	}
	r.Distinct(len(md), n/2)
	e.Ref += metadataPrefixSize
	e.Length -= metadataPrefixSize
	e.Flags &^= flagMetadata
	return md, r.Err()
}

// imageSize is what the strings take behind the prefix and the image of the arguments.
func (m Metadata) imageSize() uint64 {
	z := image.NewSizer(0)
	z.List(2*len(m), stringSize, stringAlign)
	for key, value := range m {
		z.String(key)
		z.String(value)
	}
	// Strings and a list: nothing of it can fail.
	size, _ := z.Size()
	return size
}

// writeTo writes the prefix at the beginning of body, and what it refers to from the offset behind on.
func (m Metadata) writeTo(body []byte, base uint64, behind uint32) error {
	var w image.Writer
	w.Reset(body, base, behind)
	at, _ := w.List(0, 2*len(m), stringSize, stringAlign)
	for _, key := range m.Keys() {
		w.String(at, key)
		w.String(at+stringSize, m[key])
		at += 2 * stringSize
	}
	return w.Err()
}
