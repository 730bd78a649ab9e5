package handlers

import "iter"

// Reading is one item of the streams of workload W10, for contenders that have no type of their own for it.
type Reading struct {
	ID    uint32
	Value float64
}

// ReadingValue is the value of the reading with a number.
func ReadingValue(id uint32) float64 { return float64(id) / 2 }

// Readings yields so many readings, numbered from 0; of makes one in the contender's own type.
func Readings[R any](count uint32, of func(id uint32, value float64) R) iter.Seq2[R, error] {
	return func(yield func(R, error) bool) {
		for id := range count {
			if !yield(of(id, ReadingValue(id)), nil) {
				return
			}
		}
	}
}

// Total adds up the numbers and the values of what comes, so that no contender can answer without having read all.
func Total[R any](readings iter.Seq2[R, error], of func(R) (id uint32, value float64)) (float64, error) {
	var total float64
	for reading, err := range readings {
		if err != nil {
			return 0, err
		}
		id, value := of(reading)
		total += float64(id) + value
	}
	return total, nil
}

// Mirror yields what comes.
func Mirror[R any](readings iter.Seq2[R, error]) iter.Seq2[R, error] { return readings }
