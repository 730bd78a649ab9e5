package memring

import "fmt"

// Waiting is what an end does while it waits for the other.
type Waiting int

const (
	// Adaptive spins for up to AdaptiveBudget before it sleeps, while that pays off. It never spins on one processor.
	Adaptive Waiting = iota
	// Spin never sleeps: it takes a whole processor while it waits.
	Spin
	// Sleep sleeps at once.
	Sleep
)

func (w Waiting) String() string {
	switch w {
	case Adaptive:
		return "Adaptive"
	case Spin:
		return "Spin"
	case Sleep:
		return "Sleep"
	}
	return fmt.Sprintf("Waiting(%d)", int(w))
}

// Option is a choice for one end.
type Option func(*options) error

type options struct{ waiting Waiting }

// Wait chooses what the end does while it waits; Adaptive is the default.
func Wait(how Waiting) Option {
	return func(o *options) error {
		if how < Adaptive || how > Sleep {
			return errInvalidOption.because("%v is no way of waiting: take Adaptive, Spin or Sleep", how)
		}
		o.waiting = how
		return nil
	}
}

func choose(opts []Option) (o options, err error) {
	for _, opt := range opts {
		if err := opt(&o); err != nil {
			return o, err
		}
	}
	return o, nil
}
