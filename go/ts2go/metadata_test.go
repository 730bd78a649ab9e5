package ts2go

import (
	"context"
	"encoding/binary"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"x.example/go/image"
	"x.example/go/memring/channel"
)

// textMapCarrier is OpenTelemetry's propagation.TextMapCarrier.
type textMapCarrier interface {
	Get(key string) string
	Set(key, value string)
	Keys() []string
}

var _ textMapCarrier = Metadata{}

func TestMetadataAsCarrier(t *testing.T) {
	m := Metadata{"b": "2"}
	m.Set("A", "1")
	if m.Get("a") != "1" || m.Get("B") != "2" || m.Get("c") != "" || !slices.Equal(m.Keys(), []string{"a", "b"}) {
		t.Fatal(m)
	}
	if none := MetadataFrom(context.Background()); none != nil || none.Get("a") != "" || none.Keys() != nil {
		t.Fatal(none)
	}
}

func TestWithMetadataLeavesItsArgumentsAlone(t *testing.T) {
	md := Metadata{"a": "1", "b": "1"}
	outer := WithMetadata(context.Background(), md)
	inner := WithMetadata(outer, Metadata{"b": "2"})
	md["a"] = "changed"
	if got := outgoingOf(outer).metadata; !maps.Equal(got, Metadata{"a": "1", "b": "1"}) {
		t.Error(got)
	}
	if got := outgoingOf(inner).metadata; !maps.Equal(got, Metadata{"a": "1", "b": "2"}) {
		t.Error(got)
	}
	if MetadataFrom(inner) != nil {
		t.Error("what goes out came in")
	}
}

// callBehind puts a call whose body begins with this prefix, and then has a number.
func (h *host) callBehind(flags uint8, arg uint64, prefix ...uint64) uint32 {
	h.next++
	at := h.server.region.Header.RequestArena + uint64(h.next)*4096
	body := h.server.region.Mem[at:]
	for i, word := range prefix {
		binary.NativeEndian.PutUint64(body[8*i:], word)
	}
	binary.NativeEndian.PutUint64(body[metadataPrefixSize:], arg)
	h.push(&channel.Entry{Kind: kindCall, Flags: flags, CallID: h.next, Ref: at, Length: 4096})
	return h.next
}

// The prefix is what the peer says it is: whatever stands there, the call fails and nothing else does.
func TestForgedMetadata(t *testing.T) {
	h := newHost(t, 64, quickly)
	base := h.server.region.Base()
	// Where the next call's body is in the eyes of the writer.
	next := func() uint64 { return base + h.server.region.Header.RequestArena + uint64(h.next+1)*4096 }
	inside := func() uint64 { return next() + 40 }
	forged := map[string]func() uint32{
		"a list outside the body":  func() uint32 { return h.callBehind(flagMetadata, 1, 1<<60, 2, 2) },
		"a list before the body":   func() uint32 { return h.callBehind(flagMetadata, 1, next()-64, 2, 2) },
		"a list beyond the body":   func() uint32 { return h.callBehind(flagMetadata, 1, next()+4096-16, 2, 2) },
		"an odd number of strings": func() uint32 { return h.callBehind(flagMetadata, 1, inside(), 3, 3) },
		"more than the limit": func() uint32 {
			prefix := []uint64{inside(), 2 * (metadataPairs + 1), 2 * (metadataPairs + 1), 0, 0}
			// Keys of one byte, each another, from what follows them.
			keys := inside() + 2*(metadataPairs+1)*stringSize
			for i := range uint64(metadataPairs + 1) {
				prefix = append(prefix, keys+i, 1, 0, 0)
			}
			for i := uint64(0); i < metadataPairs+1; i += 8 {
				prefix = append(prefix, 0x0706050403020100+i*0x0101010101010101)
			}
			return h.callBehind(flagMetadata, 1, prefix...)
		},
		"more than memory":       func() uint32 { return h.callBehind(flagMetadata, 1, inside(), 1<<62, 1<<62) },
		"more than its capacity": func() uint32 { return h.callBehind(flagMetadata, 1, inside(), 2, 1) },
		"a list that is not aligned": func() uint32 {
			return h.callBehind(flagMetadata, 1, inside()+1, 2, 2)
		},
		"strings outside the body": func() uint32 {
			return h.callBehind(flagMetadata, 1, inside(), 2, 2, 0, 0, 1<<50, 7, 0, 0)
		},
		"the same key twice": func() uint32 { return h.callBehind(flagMetadata, 1, inside(), 4, 4) },
		"a body in the entry": func() uint32 {
			return h.callBehind(flagMetadata|flagInline, 1)
		},
		"a body outside the arena": func() uint32 {
			h.next++
			h.push(&channel.Entry{Kind: kindCall, Flags: flagMetadata, CallID: h.next, Ref: 8, Length: 64})
			return h.next
		},
		"a body without room for it": func() uint32 {
			h.next++
			h.push(&channel.Entry{Kind: kindCall, Flags: flagMetadata, CallID: h.next, Ref: h.server.region.Header.RequestArena, Length: 31})
			return h.next
		},
	}
	for what, forge := range forged {
		bad := forge()
		good := h.call(0, 41)
		honest := h.callBehind(flagMetadata, 7)
		if e := h.wait(bad); e.Kind != kindError || e.Aux != failureRequest {
			t.Errorf("%s: came back as kind %d, failure %d", what, e.Kind, e.Aux)
		}
		for id, want := range map[uint32]uint64{good: 42, honest: 8} {
			if e := h.wait(id); e.Kind != kindResult || binary.NativeEndian.Uint64(e.Inline[:]) != want {
				t.Errorf("%s: the call beside it came back as kind %d", what, e.Kind)
			}
		}
	}
	select {
	case err := <-h.damaged:
		t.Error(err)
	default:
	}
}

// What is written behind arguments of any size is read again, beside these.
func TestMetadataOfCallsToNode(t *testing.T) {
	h := newNodeHost(t, 64)
	md := Metadata{"tenant": "a", "trace": strings.Repeat("x", 1000), "empty": ""}
	ctx := WithMetadata(context.Background(), md)
	for _, size := range []uint32{0, 1, 8, 9, 100_000} {
		var args string
		h.onCall = func(e channel.Entry) {
			if e.Flags != flagMetadata {
				t.Errorf("%d bytes: flags %d", size, e.Flags)
			}
			var r image.Reader
			mem := h.server.region.Mem[e.Ref : e.Ref+uint64(e.Length)]
			r.Reset(mem, h.server.region.Base()+e.Ref, metadataPrefixSize+16)
			got := Metadata{}
			first, n := r.List(0, stringSize, stringAlign)
			for i := range uint32(n / 2) {
				got[r.String(first+i*32)] = r.String(first + i*32 + 16)
			}
			args = r.String(metadataPrefixSize)
			if r.Err() != nil || !maps.Equal(got, md) {
				t.Error(size, r.Err(), got)
			}
			go h.reply(channel.Entry{Kind: kindReply, Flags: flagInline, Method: e.Method, CallID: e.CallID})
		}
		c := h.node.Call(ctx, 0, "Test.double")
		z := image.NewSizer(16)
		text := strings.Repeat("y", int(size))
		z.String(text)
		c.Alloc(&z, 16).String(0, text)
		if _, err := c.Do(0); err != nil {
			t.Fatal(err)
		}
		c.End()
		if args != text {
			t.Errorf("%d bytes came as %d", size, len(args))
		}
	}
	h.settled()
}

func TestInvalidMetadataOfCallsToNode(t *testing.T) {
	h := newNodeHost(t, 64)
	h.onCall = func(channel.Entry) { t.Error("it was sent") }
	many := Metadata{}
	for i := range metadataPairs + 1 {
		many[strings.Repeat("k", i+1)] = ""
	}
	for _, md := range []Metadata{many, {"": ""}, {"A": ""}, {"a b": ""}, {"ä": ""}, {"a": "\xff"}, {"a": strings.Repeat("x", metadataBytes)}} {
		c := h.node.Call(WithMetadata(context.Background(), md), 0, "Test.double")
		c.Inline().Uint64(0, 1)
		_, err := c.Do(8)
		c.End()
		var node *NodeError
		if !errors.As(err, &node) || node.Code != "ERR_ENCODE" {
			t.Errorf("%v: %v", md, err)
		}
	}
	h.settled()
}

// A call that is not to be scoped, or is of another channel, names no parent.
func TestParents(t *testing.T) {
	var ctx context.Context
	h := newHost(t, 64, func(c context.Context, _ uint64) error { ctx = c; return nil })
	h.wait(h.call(0, 1))
	if out := outgoingOf(ctx); out != nil {
		t.Error("a plain call has a context of its own")
	}
	h.next++
	id := h.next
	h.push(&channel.Entry{Kind: kindCall, Flags: flagInline | flagScoped, CallID: id})
	h.wait(id)
	node := newNodeHost(t, 64).node
	for _, test := range []struct {
		ctx    context.Context
		node   *Node
		scoped bool
	}{
		{ctx, &Node{server: h.server}, true},
		{WithMetadata(ctx, Metadata{}), &Node{server: h.server}, true},
		{ctx, node, false},
		{context.Background(), node, false},
	} {
		c := test.node.Call(test.ctx, 0, "Test.double")
		if scoped := c.entry.Flags&flagScoped != 0; scoped != test.scoped || scoped && c.entry.Ref>>32 != uint64(id) {
			t.Errorf("flags %d, ref %#x", c.entry.Flags, c.entry.Ref)
		}
		c.End()
	}
}
