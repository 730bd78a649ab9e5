package conformance

import (
	"bytes"
	"context"
	"encoding/hex"
	"io"
	"math/rand/v2"
	"strconv"
	"strings"

	"x.example/go/memring"
)

func messageProducer(p *memring.MessageProducer) answers {
	// The open claim, for write.
	var view []byte
	push := func(ctx context.Context, r request) (string, error) {
		m, err := r.message(0)
		if err != nil {
			return "", err
		}
		return done(p.Push(ctx, m))
	}
	return answers{
		"tryPush": func(r request) (string, error) {
			m, err := r.message(0)
			if err != nil {
				return "", err
			}
			ok, err := p.TryPush(m)
			return strconv.FormatBool(ok), err
		},
		"tryPushMany": func(r request) (string, error) {
			ms, err := r.messages()
			if err != nil {
				return "", err
			}
			n, err := p.TryPushMany(ms)
			return strconv.Itoa(n), err
		},
		"push":    func(r request) (string, error) { return push(forever, r) },
		"pushFor": func(r request) (string, error) { return r.within(push) },
		"pushMany": func(r request) (string, error) {
			ms, err := r.messages()
			if err != nil {
				return "", err
			}
			_, err = p.PushMany(forever, ms)
			return done(err)
		},
		"close": func(request) (string, error) { return done(p.Close()) },
		"tryClaim": func(r request) (string, error) {
			n, err := r.number(0)
			if err != nil {
				return "", err
			}
			claimed, ok, err := p.TryClaim(int(n))
			if ok {
				view = claimed
			}
			return strconv.FormatBool(ok), err
		},
		"write": func(r request) (string, error) {
			m, err := r.message(0)
			if err != nil {
				return "", err
			}
			if len(m) != len(view) {
				return "", usage("%d bytes for a claim of %d", len(m), len(view))
			}
			copy(view, m)
			return done(nil)
		},
		"commit":    func(request) (string, error) { return done(p.Commit()) },
		"abort":     func(request) (string, error) { return done(p.Abort()) },
		"maxLength": func(request) (string, error) { return strconv.Itoa(p.MaxLength()), nil },
		"blast": func(r request) (string, error) {
			from, count, err := r.two()
			if err != nil {
				return "", err
			}
			return done(blastMessages(p, from, from+count))
		},
	}
}

func messageConsumer(c *memring.MessageConsumer) answers {
	pop := func(ctx context.Context, _ request) (string, error) {
		m, err := c.Pop(ctx)
		return orEnd(text(m), err)
	}
	many := func(r request, popMany func([][]byte) (int, error)) (string, error) {
		most, err := r.number(0)
		if err != nil {
			return "", err
		}
		buf := make([][]byte, most)
		n, err := popMany(buf)
		return orEnd(texts(buf[:n]), err)
	}
	one := func(m []byte, ok bool, err error) (string, error) {
		if !ok && err == nil {
			return "empty", nil
		}
		return orEnd(text(m), err)
	}
	return answers{
		"tryPop":     func(request) (string, error) { return one(c.TryPop()) },
		"tryPopMany": func(r request) (string, error) { return many(r, c.TryPopMany) },
		"pop":        func(r request) (string, error) { return pop(forever, r) },
		"popFor":     func(r request) (string, error) { return r.within(pop) },
		"popMany": func(r request) (string, error) {
			return many(r, func(buf [][]byte) (int, error) { return c.PopMany(forever, buf) })
		},
		"all": func(request) (string, error) {
			var ms [][]byte
			for m, err := range c.All(forever) {
				if err != nil {
					return "", err
				}
				ms = append(ms, m)
			}
			return texts(ms), nil
		},
		"close":     func(request) (string, error) { return done(c.Close()) },
		"tryPeek":   func(request) (string, error) { return one(c.TryPeek()) },
		"release":   func(request) (string, error) { return done(c.Release()) },
		"maxLength": func(request) (string, error) { return strconv.Itoa(c.MaxLength()), nil },
		"expect": func(r request) (string, error) {
			from, count, err := r.two()
			if err != nil {
				return "", err
			}
			return done(expectMessages(c, from, from+count))
		},
	}
}

func (r request) message(i int) ([]byte, error) {
	if i >= len(r) {
		return nil, usage("a message is missing")
	}
	if r[i] == "-" {
		return []byte{}, nil
	}
	m, err := hex.DecodeString(r[i])
	if err != nil {
		return nil, usage("%q is not hexadecimal", r[i])
	}
	return m, nil
}

func (r request) messages() ([][]byte, error) {
	ms := make([][]byte, len(r))
	for i := range r {
		m, err := r.message(i)
		if err != nil {
			return nil, err
		}
		ms[i] = m
	}
	return ms, nil
}

func text(m []byte) string {
	if len(m) == 0 {
		return "-"
	}
	return hex.EncodeToString(m)
}

func texts(ms [][]byte) string {
	var b strings.Builder
	b.WriteString("values")
	for _, m := range ms {
		b.WriteByte(' ')
		b.WriteString(text(m))
	}
	return b.String()
}

// fill makes m, of the right length, message number i of a blast.
func fill(m []byte, i uint64) {
	for k := range m {
		m[k] = byte(i + uint64(k))
	}
}

func lengthOf(i uint64, maxLength int) int { return int(i * 37 % uint64(maxLength+1)) }

func numbered(i uint64, maxLength int) []byte {
	m := make([]byte, lengthOf(i, maxLength))
	fill(m, i)
	return m
}

func blastMessages(p *memring.MessageProducer, from, to uint64) error {
	longest := p.MaxLength()
	for from != to {
		n := min(1+rand.Uint64N(16), to-from)
		switch rand.IntN(3) {
		case 0:
			if err := p.Push(forever, numbered(from, longest)); err != nil {
				return err
			}
			from++
		case 1:
			view, err := p.Claim(forever, lengthOf(from, longest))
			if err != nil {
				return err
			}
			fill(view, from)
			if err := p.Commit(); err != nil {
				return err
			}
			from++
		case 2:
			var ms [][]byte
			for i := range n {
				ms = append(ms, numbered(from+i, longest))
			}
			if _, err := p.PushMany(forever, ms); err != nil {
				return err
			}
			from += n
		}
	}
	return nil
}

func expectMessages(c *memring.MessageConsumer, from, to uint64) error {
	longest := c.MaxLength()
	for from != to {
		if rand.IntN(2) == 0 {
			m, err := c.Peek(forever)
			if err != nil {
				return missing(from, to, err)
			}
			if err := same(m, from, longest); err != nil {
				return err
			}
			if err := c.Release(); err != nil {
				return err
			}
			from++
			continue
		}
		buf := make([][]byte, min(1+rand.Uint64N(16), to-from))
		n, err := c.PopMany(forever, buf)
		if err != nil {
			return missing(from, to, err)
		}
		for _, m := range buf[:n] {
			if err := same(m, from, longest); err != nil {
				return err
			}
			from++
		}
	}
	return nil
}

func same(m []byte, i uint64, longest int) error {
	if want := numbered(i, longest); !bytes.Equal(m, want) {
		return mismatch("message %d has %d bytes, expected %d: %.64x", i, len(m), len(want), m)
	}
	return nil
}

// missing says what was still to come when the queue ended.
func missing(from, to uint64, err error) error {
	if err == io.EOF {
		return mismatch("the end came in place of %d of up to %d", from, to-1)
	}
	return err
}
