package conformance

import (
	"context"
	"math/rand/v2"
	"strconv"
	"strings"

	"x.example/go/memring"
)

var forever = context.Background()

func entryProducer(p *memring.Producer[uint64]) answers {
	push := func(ctx context.Context, r request) (string, error) {
		v, err := r.number(0)
		if err != nil {
			return "", err
		}
		return done(p.Push(ctx, v))
	}
	return answers{
		"tryPush": func(r request) (string, error) {
			v, err := r.number(0)
			if err != nil {
				return "", err
			}
			ok, err := p.TryPush(v)
			return strconv.FormatBool(ok), err
		},
		"tryPushMany": func(r request) (string, error) {
			vs, err := r.numbers()
			if err != nil {
				return "", err
			}
			n, err := p.TryPushMany(vs)
			return strconv.Itoa(n), err
		},
		"push":    func(r request) (string, error) { return push(forever, r) },
		"pushFor": func(r request) (string, error) { return r.within(push) },
		"pushMany": func(r request) (string, error) {
			vs, err := r.numbers()
			if err != nil {
				return "", err
			}
			_, err = p.PushMany(forever, vs)
			return done(err)
		},
		"close": func(request) (string, error) { return done(p.Close()) },
		"blast": func(r request) (string, error) {
			from, count, err := r.two()
			if err != nil {
				return "", err
			}
			return done(blastEntries(p, from, from+count))
		},
	}
}

func entryConsumer(c *memring.Consumer[uint64]) answers {
	pop := func(ctx context.Context, _ request) (string, error) {
		v, err := c.Pop(ctx)
		return orEnd(strconv.FormatUint(v, 10), err)
	}
	many := func(r request, popMany func([]uint64) (int, error)) (string, error) {
		most, err := r.number(0)
		if err != nil {
			return "", err
		}
		buf := make([]uint64, most)
		n, err := popMany(buf)
		return orEnd(values(buf[:n]), err)
	}
	return answers{
		"tryPop": func(request) (string, error) {
			v, ok, err := c.TryPop()
			if !ok && err == nil {
				return "empty", nil
			}
			return orEnd(strconv.FormatUint(v, 10), err)
		},
		"tryPopMany": func(r request) (string, error) { return many(r, c.TryPopMany) },
		"pop":        func(r request) (string, error) { return pop(forever, r) },
		"popFor":     func(r request) (string, error) { return r.within(pop) },
		"popMany": func(r request) (string, error) {
			return many(r, func(buf []uint64) (int, error) { return c.PopMany(forever, buf) })
		},
		"all": func(request) (string, error) {
			var vs []uint64
			for v, err := range c.All(forever) {
				if err != nil {
					return "", err
				}
				vs = append(vs, v)
			}
			return values(vs), nil
		},
		"close": func(request) (string, error) { return done(c.Close()) },
		"expect": func(r request) (string, error) {
			from, count, err := r.two()
			if err != nil {
				return "", err
			}
			return done(expectEntries(c, from, from+count))
		},
	}
}

func (r request) numbers() ([]uint64, error) {
	vs := make([]uint64, len(r))
	for i := range r {
		v, err := r.number(i)
		if err != nil {
			return nil, err
		}
		vs[i] = v
	}
	return vs, nil
}

func values(vs []uint64) string {
	var b strings.Builder
	b.WriteString("values")
	for _, v := range vs {
		b.WriteByte(' ')
		b.WriteString(strconv.FormatUint(v, 10))
	}
	return b.String()
}

// portion is how many go at once: often one alone, at times more than fit.
func portion(capacity int, left uint64) uint64 {
	if rand.IntN(2) == 0 {
		return min(1, left)
	}
	return min(1+rand.Uint64N(2*uint64(min(capacity, 1024))), left)
}

func blastEntries(p *memring.Producer[uint64], from, to uint64) error {
	capacity := p.Stats().Capacity
	var buf []uint64
	for from != to {
		n := portion(capacity, to-from)
		if n == 1 {
			if err := p.Push(forever, from); err != nil {
				return err
			}
			from++
			continue
		}
		buf = buf[:0]
		for i := range n {
			buf = append(buf, from+i)
		}
		if _, err := p.PushMany(forever, buf); err != nil {
			return err
		}
		from += n
	}
	return nil
}

func expectEntries(c *memring.Consumer[uint64], from, to uint64) error {
	capacity := c.Stats().Capacity
	buf := make([]uint64, 2*min(capacity, 1024))
	for from != to {
		some := buf[:portion(capacity, to-from)]
		n, err := c.PopMany(forever, some)
		if err != nil {
			return missing(from, to, err)
		}
		for _, v := range some[:n] {
			if v != from {
				return mismatch("%d came in place of %d", v, from)
			}
			from++
		}
	}
	return nil
}
